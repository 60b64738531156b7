package dev.stratalens.client.error;

import com.google.auto.value.AutoValue;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The machine-readable side of an error, where the server sent one. More kinds will be added, each with more facts: keep a branch for
 * others. Until this client knows a kind, it is an {@link Other}.
 */
public sealed interface ErrorDetail {

    /** Comes with {@link ErrorCode#UNKNOWN_MODEL}. */
    @AutoValue
    abstract non-sealed class UnknownModel implements ErrorDetail {
        UnknownModel() {}

        /** The detail. */
        public static UnknownModel of(String name, List<String> served) {
            return new AutoValue_ErrorDetail_UnknownModel(name, List.copyOf(served));
        }

        /** The name, as asked. */
        public abstract String name();

        /** Names that are served, in order. */
        public abstract List<String> served();
    }

    /** Comes with {@link ErrorCode#UNSUPPORTED_ARCHITECTURE}. */
    @AutoValue
    abstract non-sealed class UnsupportedArchitecture implements ErrorDetail {
        UnsupportedArchitecture() {}

        /** The detail. */
        public static UnsupportedArchitecture of(String model, String modelType, List<String> supported) {
            return new AutoValue_ErrorDetail_UnsupportedArchitecture(model, modelType, List.copyOf(supported));
        }

        /** The model. */
        public abstract String model();

        /** {@code model_type} of its configuration. */
        public abstract String modelType();

        /** Families that can be loaded, in order. */
        public abstract List<String> supported();
    }

    /** What is wrong with a checkpoint. */
    enum CheckpointProblem {
        /** A problem that this client does not know. */
        UNKNOWN,
        /** A file or the directory is missing. */
        MISSING_FILE,
        /** A file ends before its header says. */
        TRUNCATED,
        /** A file's header or contents contradict themselves. */
        CORRUPT,
        /** Tensors are missing, unknown, or of the wrong shape or type. */
        TENSORS,
        /** The configuration lacks a key or has a value that is not understood. */
        CONFIGURATION,
        /** The tokenizer is missing or cannot be read. */
        TOKENIZER,
        /** The files are right, but the arithmetic leaves the range of the type in which it is done. */
        OVERFLOW
    }

    /** Comes with {@link ErrorCode#INVALID_CHECKPOINT}. */
    @AutoValue
    abstract non-sealed class InvalidCheckpoint implements ErrorDetail {
        InvalidCheckpoint() {}

        /** The detail. */
        public static InvalidCheckpoint of(
                String model, CheckpointProblem problem, String file, List<String> offenders) {
            return new AutoValue_ErrorDetail_InvalidCheckpoint(model, problem, file, List.copyOf(offenders));
        }

        /** The model. */
        public abstract String model();

        /** What kind of fault. */
        public abstract CheckpointProblem problem();

        /** Name of the file, without its directory. */
        public abstract String file();

        /** Names of the tensors or keys concerned. */
        public abstract List<String> offenders();
    }

    /** What is wrong with a field. */
    enum FieldProblem {
        /** A problem that this client does not know. */
        UNKNOWN,
        /** It must be given. */
        MISSING,
        /** A value is outside the bounds. */
        OUT_OF_RANGE,
        /** A value occurs twice. */
        DUPLICATE,
        /** There are more elements than allowed. */
        TOO_MANY,
        /** The value has no meaning here. */
        NOT_UNDERSTOOD
    }

    /** Comes with {@link ErrorCode#INVALID_REQUEST}. */
    @AutoValue
    abstract non-sealed class InvalidField implements ErrorDetail {
        InvalidField() {}

        /** The detail. */
        public static InvalidField of(
                String field, FieldProblem problem, String given, OptionalLong minimum, OptionalLong maximum) {
            return of(field, problem, given, minimum, maximum, List.of());
        }

        /** The detail, of a field whose values are names. */
        public static InvalidField of(
                String field,
                FieldProblem problem,
                String given,
                OptionalLong minimum,
                OptionalLong maximum,
                List<String> allowed) {
            return new AutoValue_ErrorDetail_InvalidField(
                    field, problem, given, minimum, maximum, List.copyOf(allowed));
        }

        /** Name of the field as in the contract, with an index where it repeats: {@code layers[1].last}. */
        public abstract String field();

        /** What is wrong. */
        public abstract FieldProblem problem();

        /** What was given, as text. */
        public abstract String given();

        /** Smallest allowed value or count, where there is one. */
        public abstract OptionalLong minimum();

        /** Largest allowed value or count, where there is one. */
        public abstract OptionalLong maximum();

        /** Allowed values, if they are names that the server knows, such as those of the model's fitted lenses; else none. */
        public abstract List<String> allowed();
    }

    /** Comes with {@link ErrorCode#PROMPT_TOO_LONG}. */
    @AutoValue
    abstract non-sealed class PromptTooLong implements ErrorDetail {
        PromptTooLong() {}

        /** The detail. */
        public static PromptTooLong of(int tokenCount, int limit) {
            return new AutoValue_ErrorDetail_PromptTooLong(tokenCount, limit);
        }

        /** Tokens of the prompt. */
        public abstract int tokenCount();

        /** The model's context. */
        public abstract int limit();
    }

    /** Comes with {@link ErrorCode#MEMORY_LIMIT}. */
    @AutoValue
    abstract non-sealed class MemoryLimitExceeded implements ErrorDetail {
        MemoryLimitExceeded() {}

        /** The detail. */
        public static MemoryLimitExceeded of(long neededBytes, long limitBytes) {
            return new AutoValue_ErrorDetail_MemoryLimitExceeded(neededBytes, limitBytes);
        }

        /** Computed need of the request. */
        public abstract long neededBytes();

        /** Limit of a request. */
        public abstract long limitBytes();
    }

    /** Comes with {@link ErrorCode#MODEL_MEMORY}. */
    @AutoValue
    abstract non-sealed class ModelMemoryExceeded implements ErrorDetail {
        ModelMemoryExceeded() {}

        /** The detail. */
        public static ModelMemoryExceeded of(
                String model, long neededBytes, long budgetBytes, Map<String, Long> loaded) {
            return new AutoValue_ErrorDetail_ModelMemoryExceeded(
                    model, neededBytes, budgetBytes, Collections.unmodifiableMap(new LinkedHashMap<>(loaded)));
        }

        /** The model that does not fit. */
        public abstract String model();

        /** Bytes that its weights need. */
        public abstract long neededBytes();

        /** Bytes that all models may take together. */
        public abstract long budgetBytes();

        /** Bytes of those that take them now, by name, in order. */
        public abstract Map<String, Long> loaded();
    }

    /** Comes with {@link ErrorCode#MODEL_IN_USE}. */
    @AutoValue
    abstract non-sealed class ModelInUse implements ErrorDetail {
        ModelInUse() {}

        /** The detail. */
        public static ModelInUse of(String model, OptionalInt requests) {
            return new AutoValue_ErrorDetail_ModelInUse(model, requests);
        }

        /** The model that was to be unloaded. */
        public abstract String model();

        /** Requests that hold it; empty where it is still being loaded. */
        public abstract OptionalInt requests();
    }

    /** Comes with {@link ErrorCode#NOT_ALLOWED} where a server does not let its callers load or unload models. */
    @AutoValue
    abstract non-sealed class ManagementDisabled implements ErrorDetail {
        ManagementDisabled() {}

        /** The detail. */
        public static ManagementDisabled of() {
            return new AutoValue_ErrorDetail_ManagementDisabled();
        }
    }

    /** Comes with {@link ErrorCode#QUEUE_FULL}. */
    @AutoValue
    abstract non-sealed class QueueFull implements ErrorDetail {
        QueueFull() {}

        /** The detail. */
        public static QueueFull of(String model, int capacity) {
            return new AutoValue_ErrorDetail_QueueFull(model, capacity);
        }

        /** The model whose queue is full. */
        public abstract String model();

        /** Requests that may wait. */
        public abstract int capacity();
    }

    /** Comes with {@link ErrorCode#DEADLINE_TOO_SHORT}. */
    @AutoValue
    abstract non-sealed class DeadlineTooShort implements ErrorDetail {
        DeadlineTooShort() {}

        /** The detail. */
        public static DeadlineTooShort of(String model, Duration needed, Duration left) {
            return new AutoValue_ErrorDetail_DeadlineTooShort(model, needed, left);
        }

        /** The model. */
        public abstract String model();

        /** Time that the answer would take, as estimated. */
        public abstract Duration needed();

        /** Time that was left. */
        public abstract Duration left();
    }

    /** What is limited for each caller, over all its calls. */
    enum QuotaLimit {
        /** A limit that this client does not know. */
        UNKNOWN,
        /** Prompts in a minute, those of batches included. */
        REQUESTS_PER_MINUTE,
        /** Tokens of prompts in a minute. */
        TOKENS_PER_MINUTE,
        /** Prompts that wait or run. */
        IN_FLIGHT,
        /** Requests that wait for one model, not counting the prompts of batches. */
        QUEUE_SHARE,
        /** Tokens of one prompt. */
        PROMPT_TOKENS,
        /** Cells of one answer. */
        ANSWER_CELLS
    }

    /** Comes with {@link ErrorCode#QUOTA_EXCEEDED}. */
    @AutoValue
    abstract non-sealed class QuotaExceeded implements ErrorDetail {
        QuotaExceeded() {}

        /** The detail. */
        public static QuotaExceeded of(QuotaLimit limit, long value) {
            return new AutoValue_ErrorDetail_QuotaExceeded(limit, value);
        }

        /** The limit. */
        public abstract QuotaLimit limit();

        /** Number that the limit allows. */
        public abstract long value();
    }

    /** Comes with {@link ErrorCode#READER_TOO_SLOW}. */
    @AutoValue
    abstract non-sealed class ReaderTooSlow implements ErrorDetail {
        ReaderTooSlow() {}

        /** The detail. */
        public static ReaderTooSlow of(Duration waited) {
            return new AutoValue_ErrorDetail_ReaderTooSlow(waited);
        }

        /** How long the server waited. */
        public abstract Duration waited();
    }

    /** Comes with {@link ErrorCode#UNAVAILABLE} when the server shuts down. */
    @AutoValue
    abstract non-sealed class ServerStopping implements ErrorDetail {
        ServerStopping() {}

        /** The detail. */
        public static ServerStopping of() {
            return new AutoValue_ErrorDetail_ServerStopping();
        }
    }

    /** Comes with {@link ErrorCode#NOT_AVAILABLE}. */
    @AutoValue
    abstract non-sealed class NotAvailable implements ErrorDetail {
        NotAvailable() {}

        /** The detail. */
        public static NotAvailable of(String field, String feature) {
            return new AutoValue_ErrorDetail_NotAvailable(field, feature);
        }

        /** Field of the request as in the contract, or name of the call. */
        public abstract String field();

        /** What is not available, such as {@code lens.transport}. */
        public abstract String feature();
    }

    /** What stands between a server and a model's files. */
    enum SourceProblem {
        /** A problem that this client does not know. */
        UNKNOWN,
        /** There is no such repository, revision or file. */
        NOT_FOUND,
        /** The hub wants a token, another token, or that its conditions are accepted. */
        ACCESS_DENIED,
        /** The network may not be used, and the cache does not hold the model. */
        NOT_CACHED,
        /** The disk has no room, or the cache cannot be written; may pass. */
        STORAGE,
        /** The hub does not answer, answers nonsense, or asks to come back later; may pass. */
        UNREACHABLE,
        /** What came is not what the hub promised; may pass. */
        DAMAGED,
        /** The repository holds no weights that can be read. */
        UNUSABLE
    }

    /** Comes with {@link ErrorCode#MODEL_SOURCE}. */
    @AutoValue
    abstract non-sealed class ModelSourceUnavailable implements ErrorDetail {
        ModelSourceUnavailable() {}

        /** The detail. */
        public static ModelSourceUnavailable of(String model, SourceProblem problem) {
            return new AutoValue_ErrorDetail_ModelSourceUnavailable(model, problem);
        }

        /** The model. */
        public abstract String model();

        /** What is in the way. */
        public abstract SourceProblem problem();
    }

    /** What is wrong with the proof of who calls. */
    enum CredentialProblem {
        /** A problem that this client does not know. */
        OTHER,
        /** The call had neither a key nor a token nor a client certificate. */
        MISSING,
        /** What was sent is neither a key nor a token. */
        MALFORMED,
        /** The server does not know the key; it may have been revoked. */
        UNKNOWN,
        /** The key or token has expired. */
        EXPIRED,
        /** The server does not trust the token, or the certificate has no name. */
        NOT_TRUSTED
    }

    /** Comes with {@link ErrorCode#UNAUTHENTICATED}. */
    @AutoValue
    abstract non-sealed class Unauthenticated implements ErrorDetail {
        Unauthenticated() {}

        /** The detail. */
        public static Unauthenticated of(CredentialProblem problem) {
            return new AutoValue_ErrorDetail_Unauthenticated(problem);
        }

        /** What is wrong. */
        public abstract CredentialProblem problem();
    }

    /** Comes with {@link ErrorCode#NOT_ALLOWED} where the server knows the caller. */
    @AutoValue
    abstract non-sealed class NotAllowed implements ErrorDetail {
        NotAllowed() {}

        /** The detail. */
        public static NotAllowed of(String right, String model) {
            return new AutoValue_ErrorDetail_NotAllowed(right, model);
        }

        /** The missing right, such as {@code analyze}; empty if the caller may do nothing. */
        public abstract String right();

        /** The model; empty if the caller may do nothing. */
        public abstract String model();
    }

    /** A reason that this client has no type for, as a newer server may send. */
    @AutoValue
    abstract non-sealed class Other implements ErrorDetail {
        Other() {}

        /** The detail. */
        public static Other of(String reason, Map<String, String> facts) {
            return new AutoValue_ErrorDetail_Other(reason, Map.copyOf(facts));
        }

        /** Its name. */
        public abstract String reason();

        /** Its facts by name. */
        public abstract Map<String, String> facts();
    }
}
