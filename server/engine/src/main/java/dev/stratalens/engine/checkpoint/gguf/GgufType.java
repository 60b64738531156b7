package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.StoredType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Supported types of GGUF tensors. A block of numbers is stored with its scales. The arithmetic is that of {@code
 * quants.py} in the {@code gguf} package, in float32 and in its order.
 */
enum GgufType {
    F32(0, 1, 4, StoredType.F32, GgufBlocks::float32),
    F16(1, 1, 2, StoredType.F16, GgufBlocks::float16),
    BF16(30, 1, 2, StoredType.BF16, GgufBlocks::bfloat16),
    Q4_0(2, 32, 18, StoredType.F16, GgufBlocks::q40),
    Q4_1(3, 32, 20, StoredType.F16, GgufBlocks::q41),
    Q5_0(6, 32, 22, StoredType.F16, GgufBlocks::q50),
    Q5_1(7, 32, 24, StoredType.F16, GgufBlocks::q51),
    Q8_0(8, 32, 34, StoredType.F16, GgufBlocks::q80),
    Q4_K(12, 256, 144, StoredType.F16, GgufSuperBlocks::q4k),
    Q5_K(13, 256, 176, StoredType.F16, GgufSuperBlocks::q5k),
    Q6_K(14, 256, 210, StoredType.F16, GgufSuperBlocks::q6k);

    /** Names of unsupported types, for error messages. */
    private static final Map<Integer, String> UNREAD = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private static final Map<Integer, GgufType> BY_ID =
            Arrays.stream(values()).collect(Collectors.toMap(type -> type.id, type -> type));

    private final int id;
    private final int blockNumbers;
    private final int blockBytes;
    private final StoredType scaleType;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Numbers numbers;

    GgufType(int id, int blockNumbers, int blockBytes, StoredType scaleType, Numbers numbers) {
        this.id = id;
        this.blockNumbers = blockNumbers;
        this.blockBytes = blockBytes;
        this.scaleType = scaleType;
        this.numbers = numbers;
    }

    /** The type with this number in GGUF, if it is supported. */
    static Optional<GgufType> of(int id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** The name of a type, supported or not. */
    static String nameOf(int id) {
        return of(id).map(GgufType::name).orElseGet(() -> UNREAD.getOrDefault(id, "number " + id));
    }

    /** Numbers per block. */
    int blockNumbers() {
        return blockNumbers;
    }

    /** Bytes per block. */
    int blockBytes() {
        return blockBytes;
    }

    /** Type of plain numbers, or of a block's scales. */
    StoredType scaleType() {
        return scaleType;
    }

    /** Whether the bytes are numbers of {@link #scaleType()}. */
    boolean isPlain() {
        return blockNumbers == 1;
    }

    /** Decodes one block. */
    void decode(byte[] block, int from, float[] to, int at) {
        numbers.decode(block, from, to, at);
    }

    private interface Numbers {
        void decode(byte[] block, int from, float[] to, int at);
    }
}
