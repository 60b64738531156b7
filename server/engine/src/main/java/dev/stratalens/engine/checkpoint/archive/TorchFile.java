package dev.stratalens.engine.checkpoint.archive;

import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.archive.StoredEntries.Entry;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a file of {@code torch.save} that has dictionaries, lists, numbers, texts and tensors, as {@code weights_only=True} would:
 * any name of Python beyond the few that such files need is refused. The numbers of the tensors are not read.
 */
public final class TorchFile implements PickleReader.Constructors {

    private static final String PICKLE = "data.pkl";
    private static final int MOST_PICKLE_BYTES = 4 << 20;
    private static final String DICTIONARY = "collections.OrderedDict";
    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final Map<String, StoredType> STORAGES = Map.of(
            "torch.FloatStorage", StoredType.F32,
            "torch.HalfStorage", StoredType.F16,
            "torch.BFloat16Storage", StoredType.BF16,
            "torch.DoubleStorage", StoredType.F64,
            "torch.LongStorage", StoredType.I64);

    private final StoredEntries archive;
    /** Of the archive's own folder, which has any name. */
    private final String prefix;

    private TorchFile(StoredEntries archive, String prefix) {
        this.archive = archive;
        this.prefix = prefix;
    }

    /** A name that may be called. */
    private record Callable(String name) {}

    /** Numbers of one type that tensors are parts of. */
    private record Storage(StoredType type, Entry entry) {}

    /**
     * The saved object: {@link Map}, {@link List}, {@link String}, {@link Long}, {@link Double}, {@link Boolean}, or {@link TensorInfo},
     * which has the name of its storage.
     *
     * @throws InvalidCheckpointException if the file is missing, damaged, or has anything else
     */
    public static Object read(Path file) {
        StoredEntries archive = StoredEntries.of(file);
        List<String> pickles = archive.entries().keySet().stream()
                .filter(name -> name.endsWith("/" + PICKLE))
                .toList();
        if (pickles.size() != 1) {
            throw InvalidCheckpointException.of(
                    Problem.CORRUPT,
                    file,
                    "is no file of torch.save: it has %d entries \"%s\"".formatted(pickles.size(), PICKLE));
        }
        String pickle = pickles.get(0);
        var torch = new TorchFile(archive, pickle.substring(0, pickle.length() - PICKLE.length()));
        try {
            torch.requireLittleEndian();
            return PickleReader.read(torch.bytes(pickle), torch);
        } catch (IOException e) {
            throw InvalidCheckpointException.of(Problem.CORRUPT, file, "cannot be read: " + e.getMessage());
        }
    }

    private byte[] bytes(String name) throws IOException {
        Entry entry = archive.entries().get(name);
        if (entry == null || entry.byteCount() > MOST_PICKLE_BYTES) {
            throw new IOException("\"%s\" is missing, or has more than %,d bytes".formatted(name, MOST_PICKLE_BYTES));
        }
        return archive.first(entry, MOST_PICKLE_BYTES);
    }

    private void requireLittleEndian() throws IOException {
        String name = prefix + "byteorder";
        if (archive.entries().containsKey(name)
                && !"little".equals(new String(bytes(name), StandardCharsets.US_ASCII))) {
            throw new IOException("its numbers are not little-endian");
        }
    }

    @Override
    public Object named(String name) throws IOException {
        StoredType type = STORAGES.get(name);
        if (type != null) {
            return type;
        }
        if (!name.equals(DICTIONARY) && !name.equals(TENSOR)) {
            throw new IOException(
                    "it asks for \"%s\" of Python; only tensors in dictionaries and lists are read".formatted(name));
        }
        return new Callable(name);
    }

    @Override
    public Object call(Object callable, List<?> arguments) throws IOException {
        if (!(callable instanceof Callable known)) {
            throw new IOException("it calls what is no function");
        }
        if (known.name().equals(TENSOR)) {
            return tensor(arguments);
        }
        if (!arguments.isEmpty()) {
            throw new IOException("it makes a dictionary with arguments");
        }
        return new LinkedHashMap<>();
    }

    /** A storage: the word "storage", type, entry, device and number of elements. */
    @Override
    public Object persistent(Object id) throws IOException {
        if (id instanceof List<?> facts
                && facts.size() == 5
                && facts.get(0).equals("storage")
                && facts.get(1) instanceof StoredType type
                && facts.get(2) instanceof String key
                && facts.get(4) instanceof Long elements) {
            Entry entry = archive.entries().get(prefix + "data/" + key);
            if (entry == null) {
                throw new IOException("the numbers \"%s\" are missing".formatted(key));
            }
            if (elements < 0 || elements != entry.byteCount() / (type.bitSize() / Byte.SIZE)) {
                throw new IOException("the numbers \"%s\" have %d bytes, which are not %d of type %s"
                        .formatted(key, entry.byteCount(), elements, type));
            }
            return new Storage(type, entry);
        }
        throw new IOException("it refers to something that is no storage of numbers");
    }

    /** A tensor: storage, offset, sizes, strides, and two facts for training. */
    private TensorInfo tensor(List<?> arguments) throws IOException {
        if (arguments.size() < 4
                || !(arguments.get(0) instanceof Storage storage)
                || !(arguments.get(1) instanceof Long offset)
                || !(arguments.get(2) instanceof List<?> sizes)
                || !(arguments.get(3) instanceof List<?> strides)) {
            throw new IOException("it has a tensor without a place");
        }
        long[] shape = numbers(sizes);
        requireRowMajor(shape, numbers(strides));
        long bytes = storage.type().bitSize() / Byte.SIZE;
        try {
            long count = 1;
            for (long size : shape) {
                count = Math.multiplyExact(count, size);
            }
            long begin = Math.multiplyExact(offset, bytes);
            long size = Math.multiplyExact(count, bytes);
            if (begin < 0 || Math.addExact(begin, size) > storage.entry().byteCount()) {
                throw new ArithmeticException();
            }
            return new TensorInfo(
                    PICKLE,
                    storage.type(),
                    shape,
                    archive.file(),
                    storage.entry().offset() + begin,
                    size);
        } catch (ArithmeticException e) {
            throw new IOException(
                    "it has a tensor of shape %s that passes the end of its numbers".formatted(Arrays.toString(shape)));
        }
    }

    private static void requireRowMajor(long[] shape, long[] strides) throws IOException {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (strides.length != shape.length || shape[i] < 0 || (shape[i] > 1 && strides[i] != expected)) {
                throw new IOException(
                        "it has a tensor of shape %s whose numbers are not in this order. Save tensor.contiguous()"
                                .formatted(Arrays.toString(shape)));
            }
            expected *= Math.max(1, shape[i]);
        }
    }

    private static long[] numbers(List<?> values) throws IOException {
        long[] numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(values.get(i) instanceof Long number)) {
                throw new IOException("it has a tensor whose sizes are no integers");
            }
            numbers[i] = number;
        }
        return numbers;
    }
}
