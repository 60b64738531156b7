package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.checkpoint.CodedNumbers.Shared;
import dev.stratalens.engine.checkpoint.StoredType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Supported types of GGUF tensors. A block of numbers is stored with its scales. The arithmetic is that of {@code
 * quants.py} in the {@code gguf} package, in float32 and in its order.
 */
public enum GgufType {
    F32(0, 1, 4, StoredType.F32, GgufBlocks::float32),
    F16(1, 1, 2, StoredType.F16, GgufBlocks::float16),
    BF16(30, 1, 2, StoredType.BF16, GgufBlocks::bfloat16),
    I32(26, 1, 4, StoredType.I32, GgufBlocks::whole32),
    Q4_0(2, 32, 18, new GgufCodes(4, code -> code - 8, 32, Shared.SCALE, GgufBlocks::q40, GgufBlocks::scale)),
    Q4_1(
            3,
            32,
            20,
            new GgufCodes(4, code -> code, 32, Shared.SCALE_AND_BIAS, GgufBlocks::q41, GgufBlocks::scaleAndMinimum)),
    Q5_0(6, 32, 22, new GgufCodes(5, code -> code - 16, 32, Shared.SCALE, GgufBlocks::q50, GgufBlocks::scale)),
    Q5_1(
            7,
            32,
            24,
            new GgufCodes(5, code -> code, 32, Shared.SCALE_AND_BIAS, GgufBlocks::q51, GgufBlocks::scaleAndMinimum)),
    Q8_0(8, 32, 34, new GgufCodes(8, code -> (byte) code, 32, Shared.SCALE, GgufBlocks::q80, GgufBlocks::scale)),
    Q2_K(
            10,
            256,
            84,
            new GgufCodes(2, code -> code, 16, Shared.SCALE_AND_BIAS, GgufSuperBlocks::q2k, GgufSuperBlocks::q2kParts)),
    Q3_K(
            11,
            256,
            110,
            new GgufCodes(3, code -> code - 4, 16, Shared.SCALE, GgufSuperBlocks::q3k, GgufSuperBlocks::q3kParts)),
    Q4_K(
            12,
            256,
            144,
            new GgufCodes(4, code -> code, 32, Shared.SCALE_AND_BIAS, GgufSuperBlocks::q4k, GgufSuperBlocks::parts)),
    Q5_K(
            13,
            256,
            176,
            new GgufCodes(5, code -> code, 32, Shared.SCALE_AND_BIAS, GgufSuperBlocks::q5k, GgufSuperBlocks::parts)),
    Q6_K(
            14,
            256,
            210,
            new GgufCodes(6, code -> code - 32, 16, Shared.SCALE, GgufSuperBlocks::q6k, GgufSuperBlocks::q6kParts)),
    IQ2_XXS(16, 256, 66, StoredType.F16, GgufGridBlocks::iq2xxs),
    IQ2_XS(17, 256, 74, StoredType.F16, GgufGridBlocks::iq2xs),
    IQ2_S(22, 256, 82, StoredType.F16, GgufGridBlocks::iq2s),
    IQ3_XXS(18, 256, 98, StoredType.F16, GgufGridBlocks::iq3xxs),
    IQ3_S(21, 256, 110, StoredType.F16, GgufGridBlocks::iq3s),
    IQ1_S(19, 256, 50, StoredType.F16, GgufGridBlocks::iq1s),
    IQ1_M(29, 256, 56, StoredType.F16, GgufGridBlocks::iq1m),
    IQ4_NL(
            20,
            32,
            18,
            new GgufCodes(4, GgufListBlocks::listed, 32, Shared.SCALE, GgufListBlocks::iq4nl, GgufBlocks::scale)),
    IQ4_XS(
            23,
            256,
            136,
            new GgufCodes(
                    4, GgufListBlocks::listed, 32, Shared.SCALE, GgufListBlocks::iq4xs, GgufListBlocks::iq4xsParts)),
    TQ1_0(34, 256, 54, StoredType.F16, GgufListBlocks::tq10),
    TQ2_0(35, 256, 66, StoredType.F16, GgufListBlocks::tq20),
    MXFP4(
            39,
            32,
            17,
            new GgufCodes(
                    4, GgufFloatBlocks::doubled, 32, Shared.SCALE, GgufFloatBlocks::mxfp4, GgufFloatBlocks::power)),
    NVFP4(
            40,
            64,
            36,
            new GgufCodes(
                    4, GgufFloatBlocks::doubled, 16, Shared.SCALE, GgufFloatBlocks::nvfp4, GgufFloatBlocks::scales));

    /** Names of unsupported types, for error messages. */
    private static final Map<Integer, String> UNREAD =
            Map.of(9, "Q8_1", 15, "Q8_K", 24, "I8", 25, "I16", 27, "I64", 28, "F64");

    private static final Map<Integer, GgufType> BY_ID =
            Arrays.stream(values()).collect(Collectors.toMap(type -> type.id, type -> type));

    private final int id;
    private final int blockNumbers;
    private final int blockBytes;
    private final StoredType scaleType;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Blocks blocks;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Optional<GgufCodes> codes;

    GgufType(int id, int blockNumbers, int blockBytes, StoredType scaleType, Numbers numbers) {
        this(
                id,
                blockNumbers,
                blockBytes,
                scaleType,
                (blocks, to, at) -> {
                    for (int block = 0; block * blockBytes < blocks.length; block++) {
                        numbers.decode(blocks, block * blockBytes, to, at + block * blockNumbers);
                    }
                },
                Optional.empty());
    }

    GgufType(int id, int blockNumbers, int blockBytes, GgufCodes codes) {
        this(
                id,
                blockNumbers,
                blockBytes,
                StoredType.F16,
                (blocks, to, at) -> codes.decode(blocks, blockBytes, blockNumbers, to, at),
                Optional.of(codes));
    }

    GgufType(int id, int blockNumbers, int blockBytes, StoredType scaleType, Blocks blocks, Optional<GgufCodes> codes) {
        this.id = id;
        this.blockNumbers = blockNumbers;
        this.blockBytes = blockBytes;
        this.scaleType = scaleType;
        this.blocks = blocks;
        this.codes = codes;
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
    public StoredType scaleType() {
        return scaleType;
    }

    /** Whether the bytes are numbers of {@link #scaleType()}. */
    boolean isPlain() {
        return blockNumbers == 1;
    }

    /** How its codes are stored, if it has codes. */
    Optional<GgufCodes> codes() {
        return codes;
    }

    /** Decodes whole blocks. */
    void decode(byte[] some, float[] to, int at) {
        blocks.decode(some, to, at);
    }

    private interface Numbers {
        void decode(byte[] block, int from, float[] to, int at);
    }

    private interface Blocks {
        void decode(byte[] blocks, float[] to, int at);
    }
}
