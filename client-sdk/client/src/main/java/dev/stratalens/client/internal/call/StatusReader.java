package dev.stratalens.client.internal.call;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** The one place where a gRPC status with its details becomes a {@link LensException}. */
public final class StatusReader {

    private static final String CONNECTION_REMEDY =
            "Check that the server runs, its host and port, whether it speaks TLS or plain text, and with TLS that its certificate is trusted.";

    private static final String UNREADABLE =
            "The server's answer is no message that can be read. Check that client and server are of the same version.";

    private StatusReader() {}

    /** The exception for a status that is not OK. */
    public static LensException read(Status status, @Nullable Metadata trailers) {
        StatusDetails details = StatusDetails.of(details(status, trailers));
        ErrorCode reason = details.code();
        return new LensException(
                reason == null ? code(status) : reason,
                reason == null ? message(status) : String.valueOf(status.getDescription()),
                details.detail(),
                details.retryAfter(),
                status.asRuntimeException(trailers));
    }

    private static com.google.rpc.Status details(Status status, @Nullable Metadata trailers) {
        try {
            return StatusProto.fromStatusAndTrailers(status, trailers);
        } catch (IllegalArgumentException unreadable) {
            // No message, or of another code: the gRPC code and its words remain.
            return com.google.rpc.Status.getDefaultInstance();
        }
    }

    /** Where no reason says more: proxies, other servers, newer ones, and gRPC itself. */
    private static ErrorCode code(Status status) {
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> ErrorCode.INVALID_REQUEST;
            case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
            case PERMISSION_DENIED -> ErrorCode.NOT_ALLOWED;
            case RESOURCE_EXHAUSTED -> ErrorCode.LIMIT_EXCEEDED;
            case NOT_FOUND, FAILED_PRECONDITION, ALREADY_EXISTS -> ErrorCode.REFUSED;
            case UNIMPLEMENTED -> ErrorCode.NOT_AVAILABLE;
            case UNAVAILABLE, ABORTED -> ErrorCode.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
            case CANCELLED -> isUnreadable(status) ? ErrorCode.BROKEN_STREAM : ErrorCode.CANCELLED;
            case DATA_LOSS -> ErrorCode.BROKEN_STREAM;
            // Netty says only that the connection is closed where it was in the middle of writing.
            case UNKNOWN ->
                isCausedBy(status, ClosedChannelException.class) ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL;
            case OK, INTERNAL -> ErrorCode.INTERNAL;
        };
    }

    /** gRPC cancels a call by itself where a message is no protocol buffer. */
    private static boolean isUnreadable(Status status) {
        return isCausedBy(status, InvalidProtocolBufferException.class);
    }

    private static boolean isCausedBy(Status status, Class<? extends Throwable> kind) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Where no server gave a reason. What has a cause was said by gRPC in this process, whose words are not for people. */
    private static String message(Status status) {
        String said = status.getCause() == null && status.getDescription() != null
                ? status.getDescription()
                : "The call ended with the status " + status.getCode();
        return TransportFault.words(status).orElseGet(() -> switch (status.getCode()) {
            case UNAVAILABLE -> said + ". " + CONNECTION_REMEDY;
            case UNIMPLEMENTED -> said + ". Check that this is a Stratalens server of the client's version.";
            case CANCELLED, INTERNAL -> isUnreadable(status) ? UNREADABLE : said;
            default -> said;
        });
    }
}
