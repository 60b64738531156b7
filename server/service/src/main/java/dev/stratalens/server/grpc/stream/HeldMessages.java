package dev.stratalens.server.grpc.stream;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one stream that could leave now and wait a moment for the next one: each that leaves alone wakes two threads here and two at
 * the reader, while all cores compute. Not thread-safe.
 */
final class HeldMessages<M extends MessageLite> {

    /** A message waits if another left, or the stream began, less than this ago. */
    private static final long CLOSE_NANOS = Duration.ofMillis(5).toNanos();

    /** No message waits longer, but for the time until somebody looks. */
    private static final long LONGEST_NANOS = ProgressThrottle.PAUSE.toNanos();

    private static final int MOST_BYTES = 64 << 10;

    private final LongSupplier nanoTime;
    private final List<M> messages = new ArrayList<>();
    /** After the others. Whatever comes next takes its place. */
    private @Nullable M remark;

    private int bytes;
    private long sentNanos;
    private long sinceNanos;

    HeldMessages(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        sentNanos = nanoTime.getAsLong();
    }

    /** A message left. */
    void sent() {
        sentNanos = nanoTime.getAsLong();
    }

    /** Whether the message waits; false if it should leave, after those that wait. */
    boolean holds(M message) {
        int more = message.getSerializedSize();
        boolean waits = nanoTime.getAsLong() - sentNanos < CLOSE_NANOS && bytes + more <= MOST_BYTES;
        if (waits) {
            begin();
            remark = null;
            messages.add(message);
            bytes += more;
        }
        return waits;
    }

    /** As {@link #holds}, for a message that whatever comes next may replace. */
    boolean holdsRemark(M message) {
        boolean waits = !isDue() && nanoTime.getAsLong() - sentNanos < LONGEST_NANOS;
        if (waits) {
            begin();
            remark = message;
        }
        return waits;
    }

    private void begin() {
        if (isEmpty()) {
            sinceNanos = nanoTime.getAsLong();
        }
    }

    private boolean isEmpty() {
        return messages.isEmpty() && remark == null;
    }

    /** Whether what waits has waited long enough. */
    boolean isDue() {
        return !isEmpty() && nanoTime.getAsLong() - sinceNanos >= LONGEST_NANOS;
    }

    /** Gives up what waits, in order; a remark that has not waited long enough is left out. */
    List<M> take() {
        List<M> taken = new ArrayList<>(messages);
        M last = remark;
        if (last != null && isDue()) {
            taken.add(last);
        }
        clear();
        return taken;
    }

    void clear() {
        messages.clear();
        remark = null;
        bytes = 0;
    }
}
