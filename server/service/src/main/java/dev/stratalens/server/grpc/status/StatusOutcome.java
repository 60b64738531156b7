package dev.stratalens.server.grpc.status;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.stratalens.server.watch.Outcome;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A status as the outcome of a request. */
public final class StatusOutcome {

    private StatusOutcome() {}

    public static Outcome of(Status status, Metadata trailers) {
        if (status.isOk()) {
            return Outcome.OK;
        }
        return of(
                status.getCode(),
                StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList(),
                status.getDescription());
    }

    /** Of a status within a stream. */
    public static Outcome of(com.google.rpc.Status status) {
        return of(Status.fromCodeValue(status.getCode()).getCode(), status.getDetailsList(), status.getMessage());
    }

    private static Outcome of(Status.Code code, List<Any> details, @Nullable String message) {
        return new Outcome(code.name(), reason(details), message == null ? "" : message);
    }

    private static String reason(List<Any> details) {
        for (Any detail : details) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return detail.unpack(ErrorInfo.class).getReason();
                } catch (InvalidProtocolBufferException foreign) {
                    return "";
                }
            }
        }
        return "";
    }
}
