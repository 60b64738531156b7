package dev.stratalens.server.quota;

import dev.stratalens.server.access.Quota;
import dev.stratalens.server.error.QuotaExceededException;
import dev.stratalens.server.error.QuotaExceededException.Limit;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one principal uses, over all its calls. Batches are slowed where single prompts are refused, and leave a quarter of each limit
 * to these. Not thread-safe.
 */
final class Usage {

    /** That something has to end first. */
    private static final long UNTIL_WOKEN = Long.MAX_VALUE;

    private final LongSupplier nanoTime;
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private Quota quota = Quota.UNLIMITED;
    private @Nullable Rate requests;
    private @Nullable Rate tokens;
    private int inFlight;
    /** Prompts of batches whose tokens are not known yet. */
    private int unread;

    private boolean alarmIsSet;
    private long alarmNanos;

    Usage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The limits from now on. */
    void limit(Quota now) {
        quota = now;
        OptionalInt asked = now.requestsPerMinute();
        requests = asked.isPresent() ? changed(requests, asked.getAsInt()) : null;
        OptionalLong read = now.tokensPerMinute();
        tokens = read.isPresent() ? changed(tokens, read.getAsLong()) : null;
    }

    private Rate changed(@Nullable Rate rate, long perMinute) {
        if (rate == null) {
            return new Rate(perMinute, nanoTime);
        }
        rate.change(perMinute);
        return rate;
    }

    /** Begins a single prompt. */
    void begin() {
        quota.inFlight().ifPresent(most -> {
            if (inFlight >= most) {
                throw QuotaExceededException.soon(Limit.IN_FLIGHT, most);
            }
        });
        take(requests, 1, Limit.REQUESTS_PER_MINUTE);
        inFlight++;
    }

    private static void take(@Nullable Rate rate, long units, Limit limit) {
        if (rate == null) {
            return;
        }
        if (units > rate.perMinute()) {
            throw QuotaExceededException.never(limit, rate.perMinute(), units);
        }
        long wait = rate.take(units);
        if (wait > 0) {
            throw QuotaExceededException.later(limit, rate.perMinute(), roundedUp(wait));
        }
    }

    /** What is told to the caller in milliseconds must not be too early. */
    private static Duration roundedUp(long nanos) {
        return Duration.ofMillis(Duration.ofNanos(nanos).plusNanos(999_999).toMillis());
    }

    /**
     * Begins a prompt of a batch: gives 0, or the nanoseconds after which to try again.
     *
     * @param again to be told by {@link #takeWaiting} if it does not begin
     */
    long beginOfBatch(Runnable again) {
        long wait = waitOfBatch();
        if (wait > 0) {
            waiting.add(again);
            return wait;
        }
        if (requests != null) {
            requests.takeAhead(1);
        }
        inFlight++;
        unread++;
        return 0;
    }

    private long waitOfBatch() {
        if (quota.inFlight().isPresent()) {
            int most = quota.inFlight().getAsInt();
            if (inFlight >= most - most / 4) {
                return UNTIL_WOKEN;
            }
        }
        // One at a time, as it may take more tokens than are left, but the next one may not.
        if (tokens != null && unread > 0) {
            return UNTIL_WOKEN;
        }
        return Math.max(
                requests == null ? 0 : requests.nanosAboveReserve(), tokens == null ? 0 : tokens.nanosAboveReserve());
    }

    /** The size of a single prompt is known. */
    void planned(long tokenCount, long cells) {
        checkSize(tokenCount, cells);
        take(tokens, tokenCount, Limit.TOKENS_PER_MINUTE);
    }

    /** The size of a prompt of a batch is known: it runs now, and the batch waits for its tokens afterwards. */
    void plannedOfBatch(long tokenCount, long cells) {
        checkSize(tokenCount, cells);
        if (tokens != null) {
            if (tokenCount > tokens.perMinute()) {
                throw QuotaExceededException.never(Limit.TOKENS_PER_MINUTE, tokens.perMinute(), tokenCount);
            }
            tokens.takeAhead(tokenCount);
        }
    }

    /** A token was generated. */
    void generated() {
        if (tokens != null) {
            tokens.takeAhead(1);
        }
    }

    private void checkSize(long tokenCount, long cells) {
        quota.promptTokens().ifPresent(most -> checkSize(Limit.PROMPT_TOKENS, most, tokenCount));
        quota.answerCells().ifPresent(most -> checkSize(Limit.ANSWER_CELLS, most, cells));
    }

    private static void checkSize(Limit limit, long most, long needed) {
        if (needed > most) {
            throw QuotaExceededException.never(limit, most, needed);
        }
    }

    /** A prompt of a batch was read, or ended before that. */
    void read() {
        unread--;
    }

    void end() {
        inFlight--;
    }

    /** Those that wait, who wait no more. */
    List<Runnable> takeWaiting() {
        List<Runnable> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    /** Sets an alarm for those that wait; false if there is one that comes no later, however many of them wait. */
    boolean setAlarm(long afterNanos) {
        long at = nanoTime.getAsLong() + afterNanos;
        boolean isFirst = !alarmIsSet || at - alarmNanos < 0;
        if (isFirst) {
            alarmIsSet = true;
            alarmNanos = at;
        }
        return isFirst;
    }

    /** An alarm came: it may be one that a sooner one has replaced. */
    void endAlarm() {
        alarmIsSet &= nanoTime.getAsLong() - alarmNanos < 0;
    }

    /** Whether it need not be remembered. */
    boolean isNone() {
        return inFlight == 0
                && waiting.isEmpty()
                && (requests == null || requests.isFull())
                && (tokens == null || tokens.isFull());
    }
}
