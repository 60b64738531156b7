package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.checkpoint.CodedNumbers;
import dev.stratalens.engine.checkpoint.CodedNumbers.Groups;
import dev.stratalens.engine.checkpoint.CodedNumbers.Shared;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A tensor as codes on a device.
 *
 * @param form of the numbers
 * @param count numbers
 * @param codes uint8, one or two to a byte
 * @param table float32, the numbers that codes stand for
 * @param scales float32, one for each group
 * @param others float32, zeros or biases of the groups; empty if there are none
 */
record PackedTensor(
        CodedNumbers form, long count, TorchTensor codes, TorchTensor table, TorchTensor scales, TorchTensor others) {

    /** Numbers that a thread reads at a time, about. */
    private static final int PART = 1 << 18;

    /** PyTorch's uint8. */
    private static final long BYTES = 0;

    /** The form of a tensor that can be packed. */
    static Optional<CodedNumbers> form(TensorInfo tensor) {
        return tensor.decoding()
                .flatMap(Decoding::coded)
                .filter(some -> tensor.elementCount() % some.group() == 0)
                // A view of the heap's has no more bytes.
                .filter(some -> some.codeBytes(tensor.elementCount()) <= Integer.MAX_VALUE
                        && tensor.elementCount() / some.group() * Float.BYTES <= Integer.MAX_VALUE);
    }

    /**
     * Reads codes and scales, and copies them.
     *
     * @param host a program of the processor
     * @param scope on the device
     */
    static PackedTensor read(
            TensorInfo tensor,
            CodedNumbers form,
            StoredBytes files,
            PartTeam team,
            TorchProgram host,
            TorchScope scope) {
        long count = tensor.elementCount();
        int groups = (int) (count / form.group());
        // An even number of groups, so that a byte belongs to one part.
        int groupsOfPart = 2 * Math.max(1, PART / form.group() / 2);
        float[] scales = new float[groups];
        float[] others = new float[form.shared() == Shared.SCALE ? 0 : groups];
        try (TorchScope staging = host.scope();
                TorchTensor codes = host.tensor(staging, "empty", form.codeBytes(count), BYTES)) {
            ByteBuffer bytes = codes.directView();
            team.forEach((groups + groupsOfPart - 1) / groupsOfPart, part -> {
                int first = part * groupsOfPart;
                int some = Math.min(groupsOfPart, groups - first);
                Groups shared = form.groups().read(files, first, some);
                System.arraycopy(shared.scales(), 0, scales, first, some);
                System.arraycopy(shared.others(), 0, others, others.length == 0 ? 0 : first, shared.others().length);
                byte[] places = new byte[some * form.group()];
                form.codes().read(files, (long) first * form.group(), places.length, places);
                write(form, places, bytes, (long) first * form.group());
            });
            float[] table = form.codes().table(files);
            return new PackedTensor(
                    form,
                    count,
                    scope.copyOf(codes),
                    scope.floats(table, table.length),
                    scope.floats(scales, scales.length),
                    scope.floats(others, others.length));
        }
    }

    private static void write(CodedNumbers form, byte[] places, ByteBuffer bytes, long first) {
        int at = (int) (form.areHalves() ? first / 2 : first);
        if (!form.areHalves()) {
            bytes.slice(at, places.length).put(places);
            return;
        }
        for (int i = 0; i < places.length; i += 2) {
            int upper = i + 1 < places.length ? places[i + 1] : 0;
            bytes.put(at + i / 2, (byte) (places[i] | upper << 4));
        }
    }

    /** All numbers, row-major, as a vector. */
    TorchTensor unpacked(TorchProgram program, TorchScope scope, DataType type) {
        return program.tensor(
                scope,
                "unpacked",
                codes,
                table,
                scales,
                others,
                (long) form.group(),
                count,
                form.areHalves(),
                form.shared() == Shared.SCALE_AND_ZERO,
                TorchTypes.code(type));
    }
}
