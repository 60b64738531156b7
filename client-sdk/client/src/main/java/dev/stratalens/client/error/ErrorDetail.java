package dev.stratalens.client.error;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The machine-readable side of an error, where the server sent one. More kinds will be added: keep a branch for others. */
public sealed interface ErrorDetail {

    /**
     * Comes with {@link ErrorCode#UNKNOWN_MODEL}.
     *
     * @param name as asked
     * @param served names that are served, in order
     */
    record UnknownModel(String name, List<String> served) implements ErrorDetail {
        /** Copies the names. */
        public UnknownModel {
            served = List.copyOf(served);
        }
    }

    /**
     * Comes with {@link ErrorCode#UNSUPPORTED_ARCHITECTURE}.
     *
     * @param model the model
     * @param modelType {@code model_type} of its configuration
     * @param supported families that can be loaded, in order
     */
    record UnsupportedArchitecture(String model, String modelType, List<String> supported) implements ErrorDetail {
        /** Copies the names. */
        public UnsupportedArchitecture {
            supported = List.copyOf(supported);
        }
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
        TOKENIZER
    }

    /**
     * Comes with {@link ErrorCode#INVALID_CHECKPOINT}.
     *
     * @param model the model
     * @param problem what kind of fault
     * @param file name of the file, without its directory
     * @param offenders names of the tensors or keys concerned
     */
    record InvalidCheckpoint(String model, CheckpointProblem problem, String file, List<String> offenders)
            implements ErrorDetail {
        /** Copies the names. */
        public InvalidCheckpoint {
            offenders = List.copyOf(offenders);
        }
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

    /**
     * Comes with {@link ErrorCode#INVALID_REQUEST}.
     *
     * @param field name of the field as in the proto, with an index where it repeats: {@code layers[1].last}
     * @param problem what is wrong
     * @param given what was given, as text
     * @param minimum smallest allowed value or count, where there is one
     * @param maximum largest allowed value or count, where there is one
     */
    record InvalidField(String field, FieldProblem problem, String given, OptionalLong minimum, OptionalLong maximum)
            implements ErrorDetail {}

    /**
     * Comes with {@link ErrorCode#PROMPT_TOO_LONG}.
     *
     * @param tokenCount tokens of the prompt
     * @param limit the model's context
     */
    record PromptTooLong(int tokenCount, int limit) implements ErrorDetail {}

    /**
     * Comes with {@link ErrorCode#MEMORY_LIMIT}.
     *
     * @param neededBytes computed need of the request
     * @param limitBytes limit per request
     */
    record MemoryLimitExceeded(long neededBytes, long limitBytes) implements ErrorDetail {}

    /**
     * Comes with {@link ErrorCode#MODEL_MEMORY}.
     *
     * @param model the model that does not fit
     * @param neededBytes bytes that its weights need
     * @param budgetBytes bytes that all models may take together
     * @param loaded bytes of those that take them now, by name, in order
     */
    record ModelMemoryExceeded(String model, long neededBytes, long budgetBytes, Map<String, Long> loaded)
            implements ErrorDetail {
        /** Copies the models, keeping their order. */
        public ModelMemoryExceeded {
            loaded = Collections.unmodifiableMap(new LinkedHashMap<>(loaded));
        }
    }

    /**
     * Comes with {@link ErrorCode#MODEL_IN_USE}.
     *
     * @param model the model that was to be unloaded
     * @param requests requests that hold it; empty where it is still being loaded
     */
    record ModelInUse(String model, OptionalInt requests) implements ErrorDetail {}

    /** Comes with {@link ErrorCode#NOT_ALLOWED} where a server lets nobody load or unload its models. */
    record ManagementDisabled() implements ErrorDetail {}

    /**
     * Comes with {@link ErrorCode#QUEUE_FULL}.
     *
     * @param model the model whose queue is full
     * @param capacity requests that may wait
     */
    record QueueFull(String model, int capacity) implements ErrorDetail {}

    /**
     * Comes with {@link ErrorCode#READER_TOO_SLOW}.
     *
     * @param waited how long the server waited
     */
    record ReaderTooSlow(Duration waited) implements ErrorDetail {}

    /** Comes with {@link ErrorCode#UNAVAILABLE} when the server shuts down. */
    record ServerStopping() implements ErrorDetail {}

    /**
     * Comes with {@link ErrorCode#NOT_AVAILABLE}.
     *
     * @param field field of the request as in the proto, or name of the call
     * @param feature what is not available, such as {@code lens.transport}
     */
    record NotAvailable(String field, String feature) implements ErrorDetail {}

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

    /**
     * Comes with {@link ErrorCode#MODEL_SOURCE}.
     *
     * @param model the model
     * @param problem what is in the way
     */
    record ModelSourceUnavailable(String model, SourceProblem problem) implements ErrorDetail {}

    /**
     * A reason that this client has no type for, as a newer server may send.
     *
     * @param reason its name
     * @param facts its facts by name
     */
    record Other(String reason, Map<String, String> facts) implements ErrorDetail {
        /** Copies the facts. */
        public Other {
            facts = Map.copyOf(facts);
        }
    }
}
