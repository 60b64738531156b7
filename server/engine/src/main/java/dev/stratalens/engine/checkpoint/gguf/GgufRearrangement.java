package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.TensorInfo;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/** Inverses of the changes that llama.cpp's converter makes to tensors. */
enum GgufRearrangement {
    /** No change. */
    NONE(GgufRearrangement::same, (tensor, heads) -> true),
    /** Each head's rows in pairs (i, i + half); transformers has the first half and then the second. */
    PAIRED_ROWS(GgufRearrangement::halves, (tensor, heads) -> tensor.shape()[0] % (2L * heads) == 0),
    /** All queries, then all keys, then all values; transformers has the three of each head together. */
    QUERIES_KEYS_VALUES(GgufRearrangement::byHead, (tensor, heads) -> tensor.shape()[0] % (3L * heads) == 0),
    /** A matrix of a linear layer; transformers has a Conv1D. */
    TRANSPOSED(
            GgufRearrangement::transposed,
            (tensor, heads) -> tensor.elementCount() <= Integer.MAX_VALUE
                    && tensor.shape()[0] * tensor.type().blockNumbers() <= Integer.MAX_VALUE),
    /** A norm's weight with 1 added; transformers adds it in the norm. */
    ONE_ADDED(GgufRearrangement::oneLess, (tensor, heads) -> true),
    /** All experts in one tensor; the name has {@code {expert}} in place of the number in transformers. */
    EXPERTS(
            GgufRearrangement::experts,
            (tensor, heads) -> tensor.shape().length > 1 && tensor.shape()[0] <= GgufTensor.MOST_PARTS),
    /** A matrix of one row without its first dimension. */
    ROW(GgufRearrangement::row, (tensor, heads) -> true),
    /** A vector whose name does not end in {@code .weight} in transformers. */
    BARE(GgufRearrangement::bare, (tensor, heads) -> true);

    private interface Undo {
        List<TensorInfo> undo(GgufTensor tensor, String name, int heads);
    }

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Undo undo;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final BiPredicate<GgufTensor, Integer> fits;

    GgufRearrangement(Undo undo, BiPredicate<GgufTensor, Integer> fits) {
        this.undo = undo;
        this.fits = fits;
    }

    /**
     * The equivalent tensors of transformers.
     *
     * @param tensor a tensor that {@link #fits}
     * @param heads query heads or key-value heads, as the module has them
     */
    List<TensorInfo> undo(GgufTensor tensor, String name, int heads) {
        return undo.undo(tensor, name, heads);
    }

    /** Whether the change can result in the tensor's shape. */
    boolean fits(GgufTensor tensor, int heads) {
        return fits.test(tensor, heads);
    }

    private static List<TensorInfo> same(GgufTensor tensor, String name, int heads) {
        return List.of(tensor.named(name));
    }

    private static List<TensorInfo> halves(GgufTensor tensor, String name, int heads) {
        long headRows = tensor.shape()[0] / heads;
        long half = headRows / 2;
        return rows(tensor, name, row -> {
            long inHead = row % headRows;
            return row - inHead + inHead % half * 2 + inHead / half;
        });
    }

    private static List<TensorInfo> byHead(GgufTensor tensor, String name, int heads) {
        long third = tensor.shape()[0] / 3;
        long headRows = third / heads;
        return rows(tensor, name, row -> {
            long head = row / (3 * headRows);
            long part = row / headRows % 3;
            return part * third + head * headRows + row % headRows;
        });
    }

    private static List<TensorInfo> rows(GgufTensor tensor, String name, LongUnaryOperator storedRow) {
        int rowLength = (int) (tensor.elementCount() / tensor.shape()[0]);
        return List.of(tensor.rearranged(name, tensor.shape(), stored -> stored.reordered(rowLength, storedRow)));
    }

    private static List<TensorInfo> transposed(GgufTensor tensor, String name, int heads) {
        if (tensor.shape().length != 2) {
            return same(tensor, name, heads);
        }
        int columns = (int) tensor.shape()[0];
        int rows = (int) tensor.shape()[1];
        return List.of(tensor.rearranged(name, new long[] {rows, columns}, stored -> stored.transposed(rows, columns)));
    }

    private static List<TensorInfo> oneLess(GgufTensor tensor, String name, int heads) {
        return name.endsWith(".weight")
                ? List.of(tensor.rearranged(name, tensor.shape(), stored -> stored.plus(-1)))
                : same(tensor, name, heads);
    }

    private static List<TensorInfo> experts(GgufTensor tensor, String name, int heads) {
        return IntStream.range(0, (int) tensor.shape()[0])
                .mapToObj(expert -> tensor.slice(expert).named(name.replace("{expert}", Integer.toString(expert))))
                .toList();
    }

    private static List<TensorInfo> row(GgufTensor tensor, String name, int heads) {
        long[] shape = tensor.shape().length == 1 ? new long[] {1, tensor.shape()[0]} : tensor.shape();
        return List.of(new GgufTensor(tensor.name(), tensor.type(), shape, tensor.file(), tensor.offset()).named(name));
    }

    private static List<TensorInfo> bare(GgufTensor tensor, String name, int heads) {
        return List.of(tensor.named(name.replaceFirst("\\.weight$", "")));
    }
}
