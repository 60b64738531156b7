package dev.stratalens.server.grpc.result;

import dev.stratalens.v1.NumberForm;

/**
 * What a request says about the answer's form; nothing that is computed depends on it.
 *
 * @param requestId echoed to the caller
 * @param form of the numbers, never unspecified
 */
public record WireOptions(String requestId, NumberForm form) {}
