package dev.stratalens.client.internal.call;

import dev.stratalens.v1.AnalyzeRequest;

/**
 * What the requests of a batch have in common, which is sent once. A request may ask for something else, and for more, but not for
 * less: to leave out a field is to ask for what is shared. For a request that asks for less, fewer fields are shared from then on.
 *
 * @param fields the shared fields; no prompt and no id
 */
record SharedFields(AnalyzeRequest fields) {

    /** All that a request asks. */
    static SharedFields of(AnalyzeRequest request) {
        return new SharedFields(
                request.toBuilder().clearPrompt().clearRequestId().build());
    }

    /** Whether a request can be told as a difference. */
    boolean fit(AnalyzeRequest request) {
        return request.getAllFields().keySet().containsAll(fields.getAllFields().keySet());
    }

    /** Those of the fields that a request has too, so that they fit it. */
    SharedFields within(AnalyzeRequest request) {
        AnalyzeRequest.Builder some = AnalyzeRequest.newBuilder();
        fields.getAllFields().forEach((field, value) -> {
            if (request.getAllFields().containsKey(field)) {
                some.setField(field, value);
            }
        });
        return new SharedFields(some.build());
    }

    /** What a request asks beside them. */
    AnalyzeRequest difference(AnalyzeRequest request) {
        AnalyzeRequest.Builder rest = request.toBuilder();
        fields.getAllFields().forEach((field, value) -> {
            if (value.equals(request.getField(field))) {
                rest.clearField(field);
            }
        });
        return rest.build();
    }
}
