package dev.stratalens.server.model;

import dev.stratalens.server.model.architecture.RotaryFrequencies;
import dev.stratalens.server.model.torch.TorchProgram;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** Cosines and sines of the rotary angles, [positions, pairs], grown as longer prompts come. Not thread-safe. */
final class RotaryTables {

    private static final int FIRST_LENGTH = 256;

    private final Optional<RotaryFrequencies> frequencies;
    private final TorchProgram program;
    private final TorchScope scope;
    private final long typeCode;
    private int length;
    private TorchTensor cosines;
    private TorchTensor sines;

    /** @param frequencies empty for models without rotary embedding: the tables then are never read */
    RotaryTables(Optional<RotaryFrequencies> frequencies, TorchProgram program, TorchScope scope, long typeCode) {
        this.frequencies = frequencies;
        this.program = program;
        this.scope = scope;
        this.typeCode = typeCode;
        this.length = FIRST_LENGTH;
        this.cosines = table(Math::cos);
        this.sines = table(Math::sin);
    }

    /** Makes room for prompts of this many tokens. */
    void reserve(int tokens) {
        if (tokens > length && frequencies.isPresent()) {
            length = Math.max(tokens, 2 * length);
            cosines.close();
            sines.close();
            cosines = table(Math::cos);
            sines = table(Math::sin);
        }
    }

    TorchTensor cosines() {
        return cosines;
    }

    TorchTensor sines() {
        return sines;
    }

    private TorchTensor table(DoubleUnaryOperator function) {
        int pairs = frequencies.map(RotaryFrequencies::pairs).orElse(1);
        var values = new float[length * pairs];
        frequencies.ifPresent(rotary -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) function.applyAsDouble(rotary.angle(i / pairs, i % pairs));
            }
        });
        try (TorchTensor exact = scope.floats(values, length, pairs)) {
            return program.tensor(scope, "rounded", exact, typeCode);
        }
    }
}
