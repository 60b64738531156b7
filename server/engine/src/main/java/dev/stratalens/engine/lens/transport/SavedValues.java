package dev.stratalens.engine.lens.transport;

import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.archive.TorchFile;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The dictionary in a file of {@code torch.save}, whose keys are known by name. */
final class SavedValues {

    private final Path file;
    /** For messages: the keys that lead to it. */
    private final String path;

    private final Map<?, ?> values;

    private SavedValues(Path file, String path, Map<?, ?> values) {
        this.file = file;
        this.path = path;
        this.values = values;
    }

    static SavedValues read(Path file) {
        if (!(TorchFile.read(file) instanceof Map<?, ?> values)) {
            throw InvalidCheckpointException.of(Problem.CORRUPT, file, "is no dictionary");
        }
        return new SavedValues(file, "", values);
    }

    Path file() {
        return file;
    }

    Set<?> keys() {
        return values.keySet();
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    SavedValues dictionary(String key) {
        return new SavedValues(file, path + key + ".", get(key, Map.class));
    }

    long integer(String key) {
        return get(key, Long.class);
    }

    Optional<SavedValues> optionalDictionary(String key) {
        return has(key) ? Optional.of(dictionary(key)) : Optional.empty();
    }

    /** An integer, or 0 if there is none of this name. */
    long integerOrZero(String key) {
        return values.get(key) instanceof Long number ? number : 0;
    }

    /** A text, or an empty one if there is none of this name. */
    String textOrEmpty(String key) {
        return values.get(key) instanceof String text ? text : "";
    }

    List<?> list(String key) {
        return get(key, List.class);
    }

    /** A tensor, which gets the name of its key. */
    TensorInfo tensor(Object key) {
        TensorInfo tensor = get(key, TensorInfo.class);
        return new TensorInfo(
                path + key, tensor.type(), tensor.shape(), tensor.file(), tensor.offset(), tensor.byteCount());
    }

    private <T> T get(Object key, Class<T> type) {
        Object value = values.get(key);
        if (!type.isInstance(value)) {
            throw fault(key, value == null ? "is missing" : "is of another kind than this form has");
        }
        return type.cast(value);
    }

    InvalidCheckpointException fault(Object key, String what) {
        return InvalidCheckpointException.of(
                Problem.TENSORS, String.valueOf(file.getFileName()), "\"" + path + key + "\"", what);
    }
}
