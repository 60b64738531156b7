package dev.stratalens.server.quota;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.function.LongSupplier;

/** So many units a minute, and after a minute of rest as many at once. Not thread-safe. */
final class Rate {

    /** The bucket refills by at most a unit a nanosecond. */
    private static final long MOST = Duration.ofMinutes(1).toNanos();

    private final Bucket bucket;
    private long perMinute;

    Rate(long perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        bucket = Bucket.builder()
                .addLimit(bandwidth(perMinute))
                .withCustomTimePrecision(new Clock(nanoTime))
                .build();
    }

    private record Clock(LongSupplier nanoTime) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    private static Bandwidth bandwidth(long perMinute) {
        long units = Math.min(perMinute, MOST);
        return Bandwidth.builder()
                .capacity(units)
                .refillGreedy(units, Duration.ofMinutes(1))
                .build();
    }

    long perMinute() {
        return perMinute;
    }

    /** Another rate holds from now on; what was used stays used. */
    void change(long other) {
        if (other != perMinute) {
            perMinute = other;
            bucket.replaceConfiguration(
                    BucketConfiguration.builder().addLimit(bandwidth(other)).build(),
                    TokensInheritanceStrategy.PROPORTIONALLY);
        }
    }

    /** Takes units if they are there; gives the nanoseconds until then if not, and 0 if so. */
    long take(long units) {
        return bucket.tryConsumeAndReturnRemaining(units).getNanosToWaitForRefill();
    }

    /** Takes units that may not be there yet: no more are given until they are. */
    void takeAhead(long units) {
        bucket.consumeIgnoringRateLimits(units);
    }

    /** Nanoseconds until a unit is there above the reserve of a quarter; 0 if it is. */
    long nanosAboveReserve() {
        return bucket.estimateAbilityToConsume(perMinute / 4 + 1).getNanosToWaitForRefill();
    }

    /** Whether all was given back. */
    boolean isFull() {
        return bucket.getAvailableTokens() >= Math.min(perMinute, MOST);
    }
}
