package dev.stratalens.engine.model.weight;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.CodedNumbers;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.parity.QuantizedTensors;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device makes of codes has the bits of what the heap decodes. */
class PackedTensorTest {

    @ParameterizedTest
    @EnumSource
    void codesGiveTheSameBits(DataType type) throws IOException {
        try (var program = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
                var scope = program.scope();
                var files = new StoredBytes();
                var team = new PartTeam();
                var decoder = new TensorDecoder(program, scope)) {
            packable(QuantizedTensors.all()).forEach(tensor -> {
                CodedNumbers form = PackedTensor.form(tensor).orElseThrow();
                try (TorchScope device = program.scope()) {
                    PackedTensor packed = PackedTensor.read(tensor, form, files, team, program, device);
                    assertArrayEquals(
                            floats(program, device, decoder.decoded(tensor, type)),
                            floats(program, device, packed.unpacked(program, device, type)),
                            tensor.file() + " " + tensor.name());
                }
            });
        }
    }

    /** What has no codes, or whose groups have no even size, is decoded on the heap. */
    @Test
    void whatDoesNotPackIsKnown() throws IOException {
        assertEquals(
                Set.of(
                        "awq",
                        "gptq",
                        "gptq_v2",
                        "bitsandbytes int8",
                        "compressed-tensors int4-order",
                        "compressed-tensors-blocks float8-blocks",
                        "fp8 bfloat16-scales",
                        "fp8-beside wq",
                        "fp8 blocks",
                        "fp8 stack",
                        "gguf IQ1",
                        "gguf IQ2",
                        "gguf IQ3",
                        "gguf TQ1",
                        "gguf TQ2"),
                QuantizedTensors.all()
                        .filter(tensor -> tensor.decoding().isPresent()
                                && PackedTensor.form(tensor).isEmpty())
                        .map(tensor -> requireNonNull(tensor.file().getParent()).getFileName() + " "
                                + tensor.name().replaceAll("_.*|[.]weight", ""))
                        .filter(name ->
                                !List.of("gguf F16", "gguf BF16", "gguf F32").contains(name))
                        .map(name -> name.replaceAll("^(awq|gptq|gptq_v2) .*", "$1"))
                        .collect(Collectors.toSet()));
    }

    /** Numbers from the middle on, and rows in another order, of codes that end within a block. */
    @Test
    void partsAndReorderedRowsStayCodes() throws IOException {
        try (var program = TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
                var files = new StoredBytes();
                var team = new PartTeam()) {
            packable(QuantizedTensors.all()).forEach(tensor -> {
                int rowLength = (int) tensor.shape()[tensor.shape().length - 1];
                long rows = tensor.elementCount() / rowLength;
                Decoding stored = tensor.decoding().orElseThrow();
                for (Decoding changed : new Decoding[] {
                    stored.from(rows / 2 * rowLength), stored.reordered(rowLength, row -> rows - 1 - row)
                }) {
                    Optional<CodedNumbers> form = changed.coded();
                    if (form.isEmpty()) {
                        continue; // a group that is in several rows
                    }
                    TensorInfo some = new TensorInfo(
                            tensor.name(),
                            tensor.type(),
                            new long[] {rows - rows / 2, rowLength},
                            tensor.file(),
                            tensor.offset(),
                            tensor.byteCount(),
                            Optional.of(changed));
                    float[] expected = new float[(int) some.elementCount()];
                    changed.decode(files, 0, expected.length, expected, 0);
                    try (TorchScope device = program.scope()) {
                        PackedTensor packed = PackedTensor.read(some, form.orElseThrow(), files, team, program, device);
                        assertArrayEquals(
                                expected,
                                packed.unpacked(program, device, DataType.FLOAT32)
                                        .floats(),
                                tensor.file() + " " + tensor.name());
                    }
                }
            });
        }
    }

    private static Stream<TensorInfo> packable(Stream<TensorInfo> tensors) {
        var packable =
                tensors.filter(tensor -> PackedTensor.form(tensor).isPresent()).toList();
        assertTrue(packable.size() > 20, () -> packable.size() + " forms");
        return packable.stream();
    }

    private static float[] floats(TorchProgram program, TorchScope scope, TorchTensor numbers) {
        return program.tensor(scope, "convert", numbers, TorchTypes.FLOAT32).floats();
    }
}
