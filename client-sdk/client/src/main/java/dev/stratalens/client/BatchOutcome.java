package dev.stratalens.client;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;

/** What one request of a batch came to: a result, or its own failure. There will be no third. */
public sealed interface BatchOutcome {

    /** Place of the request in the source, from 0. */
    long index();

    /** The request, as it came from the source. */
    LensRequest request();

    /**
     * The result.
     *
     * @throws LensException if the request failed
     */
    LensResult result();

    /** A request that was answered. */
    @AutoValue
    abstract non-sealed class Completed implements BatchOutcome {
        Completed() {}

        static Completed of(long index, LensRequest request, LensResult result) {
            return new AutoValue_BatchOutcome_Completed(index, request, result);
        }
    }

    /** A request that failed alone; the batch goes on. */
    @AutoValue
    abstract non-sealed class Failed implements BatchOutcome {
        Failed() {}

        static Failed of(long index, LensRequest request, LensException failure) {
            return new AutoValue_BatchOutcome_Failed(index, request, failure);
        }

        /** Why it failed. */
        public abstract LensException failure();

        @Override
        public final LensResult result() {
            throw failure();
        }
    }
}
