package dev.stratalens.client;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.call.BatchExchange;
import dev.stratalens.client.request.LensRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The requests of a batch between their source and the taking of their outcomes. By one thread at a time; never waits. */
final class BatchWindow {

    private static final int NAMED_INDEXES = 20;
    private static final int DEFAULT_SIZE = 16;

    private final Iterator<LensRequest> source;
    private final Map<Long, LensRequest> pending = new HashMap<>();
    private final TreeMap<Long, BatchOutcome> ready = new TreeMap<>();
    private int size = DEFAULT_SIZE;
    private boolean sizeSet;
    private boolean ordered;
    private long pulled;
    private long given;
    private boolean exhausted;
    private boolean ended;
    private @Nullable LensException failure;

    BatchWindow(Iterator<LensRequest> source) {
        this.source = source;
    }

    void size(int requests) {
        size = requests;
        sizeSet = true;
    }

    void inOrder() {
        ordered = true;
    }

    List<Long> unanswered() {
        return pending.keySet().stream().sorted().toList();
    }

    /** Pulls and sends as much as may be in flight. */
    void fill(BatchExchange call) {
        while (!ended
                && !exhausted
                && !call.isCancelled()
                && pulled - given < (sizeSet ? size : Math.max(size, call.window()))) {
            if (!source.hasNext()) {
                exhausted = true;
                call.halfClose();
                return;
            }
            LensRequest request = source.next();
            long index = pulled++;
            if (request.timeout().isPresent()) {
                ready.put(index, BatchOutcome.Failed.of(index, request, ownTimeout()));
            } else {
                pending.put(index, request);
                call.send(index, request);
            }
        }
    }

    /** Takes what came from the server. */
    void add(BatchExchange.Arrival arrival) {
        if (arrival instanceof BatchExchange.Answer answer) {
            LensRequest request = pending.remove(answer.index());
            if (request == null) {
                throw new IllegalStateException("answered twice: " + answer.index());
            }
            ready.put(answer.index(), outcome(answer, request));
        } else if (arrival instanceof BatchExchange.End end) {
            ended = true;
            failure = end.failure();
        }
    }

    /**
     * The next outcome; null if none is there.
     *
     * @throws LensException if the batch broke and all that was answered has been given
     */
    @Nullable
    BatchOutcome next() {
        // Once it has ended, what waits behind a gap is given all the same: it was answered.
        if (!ready.isEmpty() && (!ordered || ended || ready.firstKey() == given)) {
            given++;
            return ready.pollFirstEntry().getValue();
        }
        if (ended && (failure != null || !exhausted || !pending.isEmpty())) {
            throw broken();
        }
        return null;
    }

    /** Whether the batch has ended well and {@link #next} has given all. */
    boolean hasEnded() {
        return ended;
    }

    private static BatchOutcome outcome(BatchExchange.Answer answer, LensRequest request) {
        return answer.result() != null
                ? BatchOutcome.Completed.of(answer.index(), request, answer.result())
                : BatchOutcome.Failed.of(answer.index(), request, Objects.requireNonNull(answer.failure()));
    }

    private LensException broken() {
        ErrorCode code = failure == null ? ErrorCode.BROKEN_STREAM : failure.code();
        String reason = failure == null ? "The server ended the batch early." : String.valueOf(failure.getMessage());
        ErrorDetail detail = failure == null ? null : failure.detail().orElse(null);
        return new LensException(code, reason + " " + unansweredInWords(), detail, failure);
    }

    private String unansweredInWords() {
        List<Long> indexes = unanswered();
        String named =
                indexes.stream().limit(NAMED_INDEXES).map(String::valueOf).collect(Collectors.joining(", "));
        List<String> words = new ArrayList<>();
        if (!indexes.isEmpty()) {
            int more = indexes.size() - Math.min(indexes.size(), NAMED_INDEXES);
            words.add("No result for the requests with index " + named + (more > 0 ? " and " + more + " more" : ""));
        }
        if (!exhausted) {
            words.add("those from index " + pulled + " on were not sent");
        }
        return words.isEmpty() ? "Every request was answered." : String.join("; ", words) + ".";
    }

    private static LensException ownTimeout() {
        return new LensException(
                ErrorCode.INVALID_REQUEST,
                "The request has a timeout of its own, and the deadline of a batch is that of all its requests; "
                        + "leave the request's out, or set the batch's.");
    }
}
