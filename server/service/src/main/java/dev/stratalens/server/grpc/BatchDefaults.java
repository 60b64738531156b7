package dev.stratalens.server.grpc;

import dev.stratalens.v1.AnalyzeRequest;

/** What every prompt of a batch asks for unless it says otherwise. */
final class BatchDefaults {

    /** Nothing beyond what Analyze takes for granted. */
    static final BatchDefaults NONE = new BatchDefaults(AnalyzeRequest.getDefaultInstance());

    private final AnalyzeRequest defaults;

    private BatchDefaults(AnalyzeRequest defaults) {
        this.defaults = defaults;
    }

    /** The defaults that a request stands for; its own prompt does not count. */
    static BatchDefaults of(AnalyzeRequest request) {
        return new BatchDefaults(request.toBuilder().clearPrompt().build());
    }

    /** A request with what it does not say itself. What it says takes the place of the default as a whole. */
    AnalyzeRequest with(AnalyzeRequest request) {
        AnalyzeRequest.Builder whole = defaults.toBuilder();
        request.getAllFields().forEach(whole::setField);
        return whole.build();
    }
}
