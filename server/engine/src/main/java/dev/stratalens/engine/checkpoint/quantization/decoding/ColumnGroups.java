package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * The group of each column of a matrix whose columns were quantized in another order.
 *
 * @param indexes I32, one for each column
 * @param count groups
 */
public record ColumnGroups(TensorInfo indexes, long count) {

    /** Fails unless the tensor has an index for each column. */
    public static ColumnGroups of(TensorInfo indexes, long columns, long count) {
        if (indexes.type() != StoredType.I32 || indexes.shape().length != 1 || indexes.shape()[0] != columns) {
            throw QuantizedParts.misfit("I32 [%d]".formatted(columns), indexes);
        }
        return new ColumnGroups(indexes, count);
    }

    int[] read(StoredBytes files) {
        int[] group = new int[(int) indexes.shape()[0]];
        ByteBuffer bytes = files.read(indexes.file(), indexes.offset(), group.length * Integer.BYTES);
        for (int column = 0; column < group.length; column++) {
            group[column] = bytes.getInt();
            if (group[column] < 0 || group[column] >= count) {
                throw QuantizedParts.contradiction(
                        indexes, "has the group %d; there are %d groups".formatted(group[column], count));
            }
        }
        return group;
    }
}
