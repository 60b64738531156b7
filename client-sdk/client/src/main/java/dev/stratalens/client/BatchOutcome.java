package dev.stratalens.client;

import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;

/** What became of one request of a batch: a result, or its own failure. */
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
    record Completed(long index, LensRequest request, LensResult result) implements BatchOutcome {}

    /** A request that failed alone; the batch goes on. */
    record Failed(long index, LensRequest request, LensException failure) implements BatchOutcome {
        @Override
        public LensResult result() {
            throw failure;
        }
    }
}
