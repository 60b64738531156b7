package dev.stratalens.engine.model;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RotaryFrequencies;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Tables of cosines and sines of one rotary embedding, [positions, pairs], which grow with longer prompts. If the
 * length of a prompt changes the frequencies, it has separate tables; a few of them are kept. Not thread-safe.
 */
final class RotaryTables {

    private static final int FIRST_LENGTH = 256;
    private static final int KEPT_REGIMES = 4;

    private record Table(int length, Rotation rotation) {
        void close() {
            rotation.cosines().close();
            rotation.sines().close();
        }
    }

    private final RopeParameters rope;
    private final int headSize;
    private final TorchProgram program;
    private final TorchScope scope;
    private final long typeCode;
    private final Map<Integer, Table> byRegime = new LinkedHashMap<>();

    /** @param scope owner of the tables */
    RotaryTables(RopeParameters rope, int headSize, TorchProgram program, TorchScope scope, long typeCode) {
        this.rope = rope;
        this.headSize = headSize;
        this.program = program;
        this.scope = scope;
        this.typeCode = typeCode;
    }

    /**
     * The angles of packed prompts, with positions counted from the start of each.
     *
     * @param request owner of the result
     * @param lengths number of tokens of each
     * @param pasts number of earlier tokens of each
     */
    Rotation pack(TorchScope request, int[] lengths, int[] pasts) {
        int tokens = Arrays.stream(lengths).sum();
        long pairs = new RotaryFrequencies(rope, headSize, 1).pairs();
        TorchTensor cosines = program.tensor(request, "empty_rows", (long) tokens, pairs, typeCode);
        TorchTensor sines = program.tensor(request, "empty_rows", (long) tokens, pairs, typeCode);
        int first = 0;
        for (int place = 0; place < lengths.length; place++) {
            int length = lengths[place];
            Rotation table = table(pasts[place] + length).rotation();
            program.execute("copy_rows", cosines, first, table.cosines(), pasts[place], length);
            program.execute("copy_rows", sines, first, table.sines(), pasts[place], length);
            first += length;
        }
        return new Rotation(cosines, sines);
    }

    private Table table(int tokens) {
        int regime = rope.scaling().regime(tokens);
        Table known = byRegime.get(regime);
        if (known != null && known.length() >= tokens) {
            return known;
        }
        if (known != null) {
            byRegime.remove(regime);
            known.close();
        } else if (byRegime.size() >= KEPT_REGIMES) {
            Iterator<Table> oldestFirst = byRegime.values().iterator();
            oldestFirst.next().close();
            oldestFirst.remove();
        }
        Table made = make(tokens, known == null ? FIRST_LENGTH : 2 * known.length());
        byRegime.put(regime, made);
        return made;
    }

    private Table make(int tokens, int spacious) {
        var frequencies = new RotaryFrequencies(rope, headSize, tokens);
        int length = Math.max(tokens, spacious);
        return new Table(
                length, new Rotation(values(frequencies, length, Math::cos), values(frequencies, length, Math::sin)));
    }

    private TorchTensor values(RotaryFrequencies frequencies, int length, DoubleUnaryOperator function) {
        int pairs = frequencies.pairs();
        var values = new float[length * pairs];
        float magnitude = (float) frequencies.magnitude();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) function.applyAsDouble(frequencies.angle(i / pairs, i % pairs)) * magnitude;
        }
        try (TorchTensor exact = scope.floats(values, length, pairs)) {
            return program.tensor(scope, "rounded", exact, typeCode);
        }
    }
}
