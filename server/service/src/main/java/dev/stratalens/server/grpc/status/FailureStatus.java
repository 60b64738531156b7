package dev.stratalens.server.grpc.status;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.server.error.ModelMemoryException;
import dev.stratalens.server.grpc.message.DurationMessages;
import dev.stratalens.v1.Reason;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that turns failures into statuses: {@link ErrorInfo}, the typed detail, and where a retry can help
 * {@link RetryInfo}. What is no {@link LensFailure} is a fault of the server: it is logged with an id, and the caller gets the
 * id and nothing else. Thread-safe.
 */
public final class FailureStatus {

    /** Whose reasons they are. */
    static final String DOMAIN = "stratalens.dev";
    /** Tells gRPC's own retries how long to wait, in milliseconds; below 0, that a retry does not help. */
    static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private static final String NEVER = "-1";

    private static final Logger LOG = LoggerFactory.getLogger(FailureStatus.class);
    private static final String REASON = "REASON_";
    private static final int MESSAGE_BYTES = 1_000;

    // A model that failed to load gives every caller the same fault: one fault, one id, one line in the log.
    private final Map<Throwable, String> faultIds = Collections.synchronizedMap(new WeakHashMap<>());

    private final boolean hidesModels;

    /** @param hidesModels whether some callers may not know of some models; a failure then names only the model that was asked */
    public FailureStatus(boolean hidesModels) {
        this.hidesModels = hidesModels;
    }

    /** Names what it needs to. */
    public FailureStatus() {
        this(false);
    }

    /**
     * The status of a failure, as an exception for a stream observer.
     *
     * @param model the model that was asked, for details that name it
     */
    public StatusRuntimeException exceptionOf(Throwable failure, String model) {
        if (failure instanceof StatusRuntimeException set) {
            return set;
        }
        Metadata trailers = new Metadata();
        FailureKind kind = FailureKind.of(failure, model);
        kind.retryAfter()
                .map(pause -> Long.toString(pause.toMillis()))
                .or(() -> Optional.of(NEVER).filter(never -> kind.code() == Code.RESOURCE_EXHAUSTED))
                .ifPresent(pause -> trailers.put(PUSHBACK, pause));
        return StatusProto.toStatusRuntimeException(statusOf(failure, model), trailers);
    }

    /** The status of a failure, as a message. */
    public Status statusOf(Throwable whole, String model) {
        Throwable failure =
                hidesModels && whole instanceof ModelMemoryException memory ? memory.withoutHolders() : whole;
        FailureKind kind = FailureKind.of(failure, model);
        Status.Builder status = Status.newBuilder().setCode(kind.code().getNumber());
        if (!(failure instanceof LensFailure known) || kind.reason() == Reason.REASON_INTERNAL_FAULT) {
            String id = faultId(failure);
            return status.setMessage("The server failed. Report this, with the id that its log repeats: " + id + ".")
                    .addDetails(Any.pack(info(kind, Map.of("fault", id))))
                    .build();
        }
        status.setMessage(Excerpt.of(known.getMessage(), MESSAGE_BYTES))
                .addDetails(
                        Any.pack(info(kind, kind.detail().map(FailureFacts::of).orElse(Map.of()))));
        kind.detail().ifPresent(typed -> status.addDetails(Any.pack(typed)));
        kind.retryAfter().ifPresent(pause -> status.addDetails(Any.pack(retry(pause))));
        return status.build();
    }

    private static ErrorInfo info(FailureKind kind, Map<String, String> facts) {
        return ErrorInfo.newBuilder()
                .setReason(kind.reason().name().substring(REASON.length()))
                .setDomain(DOMAIN)
                .putAllMetadata(facts)
                .build();
    }

    private static RetryInfo retry(Duration pause) {
        return RetryInfo.newBuilder()
                .setRetryDelay(DurationMessages.message(pause))
                .build();
    }

    private String faultId(Throwable fault) {
        return faultIds.computeIfAbsent(fault, unseen -> {
            String id = UUID.randomUUID().toString();
            LOG.error("Fault {}", id, unseen);
            return id;
        });
    }
}
