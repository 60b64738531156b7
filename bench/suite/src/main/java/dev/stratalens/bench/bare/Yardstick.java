package dev.stratalens.bench.bare;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.kernel.RowTeam;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchRuntime;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Map;

/** Prepares the bare work of a model's lens, by a program of its own, so that no change of the lens moves the yardstick. */
final class Yardstick implements AutoCloseable {

    private final CausalLanguageModel model;
    private final TorchProgram program;
    private final RowTeam team;

    /** @param model stays with its owner */
    Yardstick(CausalLanguageModel model, int threads) {
        this.team = new RowTeam(threads);
        this.model = model;
        this.program = TorchProgram.compile(Device.CPU, Yardstick.class, "yardstick", Map.of(), model.tensors());
    }

    BareWork prepare(int[] tokens, int prompts) {
        TorchRuntime.disableShapeSpecialization();
        return new BareWork(model, program, team, tokens, prompts);
    }

    /** The fused attention of every block for a prompt of so many tokens: what grows with their square. */
    long attentionNanos(int tokens) {
        TorchRuntime.disableShapeSpecialization();
        var extents = model.architecture().extents();
        try (TorchScope scope = program.scope()) {
            TorchTensor heads = program.tensor(
                    scope,
                    "heads",
                    (long) extents.heads(),
                    (long) tokens,
                    (long) extents.headSize(),
                    typeCode(model.decoder().computeType()));
            long start = System.nanoTime();
            for (int block = 0; block < extents.blocks(); block++) {
                // Returned, because a result that is not used is not computed.
                program.tensor(scope, "attend", heads, heads, heads).close();
            }
            return System.nanoTime() - start;
        }
    }

    /** Number of a type in PyTorch's {@code ScalarType}. */
    static long typeCode(DataType type) {
        return switch (type) {
            case FLOAT32 -> 6;
            case FLOAT16 -> 5;
            case BFLOAT16 -> 15;
        };
    }

    @Override
    public void close() {
        team.close();
        program.close();
    }
}
