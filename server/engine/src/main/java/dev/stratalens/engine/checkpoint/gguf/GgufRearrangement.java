package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** What undoes a change that llama.cpp makes to a tensor when it converts a model. */
enum GgufRearrangement {
    /** As it is. */
    NONE {
        @Override
        List<TensorInfo> undo(GgufTensor tensor, String name, int heads) {
            return List.of(tensor.named(name));
        }
    },
    /** Each head's rows in pairs (i, i + half), where transformers has the first half and then the second. */
    PAIRED_ROWS {
        @Override
        List<TensorInfo> undo(GgufTensor tensor, String name, int heads) {
            long headRows = tensor.shape()[0] / heads;
            long half = headRows / 2;
            return rows(tensor, name, row -> {
                long inHead = row % headRows;
                return row - inHead + inHead % half * 2 + inHead / half;
            });
        }

        @Override
        boolean fits(GgufTensor tensor, int heads) {
            return tensor.shape()[0] % (2L * heads) == 0;
        }
    },
    /** All queries, then all keys, then all values, where transformers has the three of each head together. */
    QUERIES_KEYS_VALUES {
        @Override
        List<TensorInfo> undo(GgufTensor tensor, String name, int heads) {
            long third = tensor.shape()[0] / 3;
            long headRows = third / heads;
            return rows(tensor, name, row -> {
                long head = row / (3 * headRows);
                long part = row / headRows % 3;
                return part * third + head * headRows + row % headRows;
            });
        }

        @Override
        boolean fits(GgufTensor tensor, int heads) {
            return tensor.shape()[0] % (3L * heads) == 0;
        }
    },
    /** A matrix as of a linear layer, where transformers has a Conv1D. */
    TRANSPOSED {
        @Override
        List<TensorInfo> undo(GgufTensor tensor, String name, int heads) {
            if (tensor.shape().length != 2) {
                return NONE.undo(tensor, name, heads);
            }
            long columns = tensor.shape()[0];
            long rows = tensor.shape()[1];
            return List.of(tensor.rearranged(
                    name, new long[] {rows, columns}, stored -> stored.transposed((int) rows, (int) columns)));
        }

        @Override
        boolean fits(GgufTensor tensor, int heads) {
            return tensor.elementCount() <= Integer.MAX_VALUE
                    && tensor.shape()[0] * tensor.type().blockNumbers() <= Integer.MAX_VALUE;
        }
    },
    /** A norm's weight with its 1 added, where transformers adds it in the norm. */
    ONE_ADDED {
        @Override
        List<TensorInfo> undo(GgufTensor tensor, String name, int heads) {
            return name.endsWith(".weight")
                    ? List.of(tensor.rearranged(name, tensor.shape(), stored -> stored.plus(-1)))
                    : NONE.undo(tensor, name, heads);
        }
    },
    /** All experts in one tensor; the name has {@code {expert}} where transformers counts them. */
    EXPERTS {
        @Override
        List<TensorInfo> undo(GgufTensor tensor, String name, int heads) {
            List<TensorInfo> experts = new ArrayList<>();
            for (int expert = 0; expert < tensor.shape()[0]; expert++) {
                experts.add(tensor.slice(expert).named(name.replace("{expert}", Integer.toString(expert))));
            }
            return experts;
        }

        @Override
        boolean fits(GgufTensor tensor, int heads) {
            return tensor.shape().length > 1 && tensor.shape()[0] <= MOST_PARTS;
        }
    },
    /** A matrix of one row without its first dimension. */
    ROW {
        @Override
        List<TensorInfo> undo(GgufTensor tensor, String name, int heads) {
            long[] shape = tensor.shape().length == 1 ? new long[] {1, tensor.shape()[0]} : tensor.shape();
            return List.of(
                    new GgufTensor(tensor.name(), tensor.type(), shape, tensor.file(), tensor.offset()).named(name));
        }
    };

    private static final int MOST_PARTS = 4096;

    /**
     * The tensors that transformers has instead.
     *
     * @param tensor one that {@link #fits}
     * @param heads query heads or key-value heads, as the module has them
     */
    abstract List<TensorInfo> undo(GgufTensor tensor, String name, int heads);

    /** Whether the tensor's shape is one that the change can have led to. */
    boolean fits(GgufTensor tensor, int heads) {
        return true;
    }

    private static List<TensorInfo> rows(GgufTensor tensor, String name, LongUnaryOperator storedRow) {
        int rowLength = (int) (tensor.elementCount() / tensor.shape()[0]);
        return List.of(tensor.rearranged(name, tensor.shape(), stored -> stored.reordered(rowLength, storedRow)));
    }
}
