package dev.stratalens.client.internal.call;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.internal.message.WireDuration;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the details of a failure say. The reason decides on the code; a typed detail gives the facts.
 *
 * @param code of the reason; null if none came or this client does not know it
 * @param detail the typed detail, or the reason itself where this client has no type for it; null if none came
 * @param retryAfter when to try again; null if nothing was said
 */
record StatusDetails(
        @Nullable ErrorCode code,
        @Nullable ErrorDetail detail,
        @Nullable Duration retryAfter) {

    private static final String DOMAIN = "stratalens.dev";

    private static final Map<String, ErrorCode> BY_REASON = Map.ofEntries(
            Map.entry("UNKNOWN_MODEL", ErrorCode.UNKNOWN_MODEL),
            Map.entry("UNSUPPORTED_ARCHITECTURE", ErrorCode.UNSUPPORTED_ARCHITECTURE),
            Map.entry("NOT_AVAILABLE", ErrorCode.NOT_AVAILABLE),
            Map.entry("INVALID_CHECKPOINT", ErrorCode.INVALID_CHECKPOINT),
            Map.entry("MODEL_SOURCE_UNAVAILABLE", ErrorCode.MODEL_SOURCE),
            Map.entry("INVALID_FIELD", ErrorCode.INVALID_REQUEST),
            Map.entry("PROMPT_TOO_LONG", ErrorCode.PROMPT_TOO_LONG),
            Map.entry("MEMORY_LIMIT_EXCEEDED", ErrorCode.MEMORY_LIMIT),
            Map.entry("MODEL_MEMORY_EXCEEDED", ErrorCode.MODEL_MEMORY),
            Map.entry("MODEL_IN_USE", ErrorCode.MODEL_IN_USE),
            Map.entry("MANAGEMENT_DISABLED", ErrorCode.NOT_ALLOWED),
            Map.entry("QUEUE_FULL", ErrorCode.QUEUE_FULL),
            Map.entry("DEADLINE_TOO_SHORT", ErrorCode.DEADLINE_TOO_SHORT),
            Map.entry("QUOTA_EXCEEDED", ErrorCode.QUOTA_EXCEEDED),
            Map.entry("READER_TOO_SLOW", ErrorCode.READER_TOO_SLOW),
            Map.entry("SERVER_STOPPING", ErrorCode.UNAVAILABLE),
            Map.entry("INTERNAL_FAULT", ErrorCode.INTERNAL),
            Map.entry("CANCELLED", ErrorCode.CANCELLED),
            Map.entry("UNAUTHENTICATED", ErrorCode.UNAUTHENTICATED),
            Map.entry("NOT_ALLOWED", ErrorCode.NOT_ALLOWED));

    static StatusDetails of(com.google.rpc.Status status) {
        ErrorInfo info = null;
        ErrorDetail typed = null;
        Duration retryAfter = null;
        for (Any any : status.getDetailsList()) {
            try {
                if (any.is(ErrorInfo.class)) {
                    info = any.unpack(ErrorInfo.class);
                } else if (any.is(RetryInfo.class)) {
                    retryAfter = WireDuration.read(any.unpack(RetryInfo.class).getRetryDelay());
                } else if (typed == null) {
                    typed = DetailReader.read(any);
                }
            } catch (InvalidProtocolBufferException unreadable) {
                // It says nothing then; the other details, the gRPC code and the message remain.
            }
        }
        if (info == null || !info.getDomain().equals(DOMAIN)) {
            return new StatusDetails(null, typed, retryAfter);
        }
        ErrorCode code = BY_REASON.get(info.getReason());
        ErrorDetail detail =
                typed == null && code == null ? ErrorDetail.Other.of(info.getReason(), info.getMetadataMap()) : typed;
        return new StatusDetails(code, detail, retryAfter);
    }
}
