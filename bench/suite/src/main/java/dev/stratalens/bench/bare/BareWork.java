package dev.stratalens.bench.bare;

import dev.stratalens.engine.lens.kernel.RowTeam;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the lens of one or more equally long prompts must do, as plain calls of the same library over buffers that
 * are there already: the forward pass, the products of every layer's rows with the unembedding, the one product that KL
 * takes, the one row that checks each answer. Every method does one of them and says how many seconds it took. The products are
 * cut in the way that is fastest here, or in several where they are about as fast.
 *
 * <p>Not thread-safe. Closing frees the buffers.
 */
public final class BareWork implements AutoCloseable {

    private static final int EXPECTATION_ROWS = 512;
    private static final int TRIAL_ROWS = 1024;
    private static final int TRIALS = 2;

    /** Cuts that come within this of the fastest are measured to the end. */
    private static final double CLOSE_TO_BEST = 1.05;

    private final CausalLanguageModel model;
    private final TorchProgram program;
    private final RowTeam team;
    private final TorchTensor unembedding;
    private final TorchScope scope;
    private final PackedPrompts prompts;
    private final int tokenCount;
    private final List<Blocking> fastest;
    private final TorchTensor rows;
    private final TorchTensor buffer;
    private final TorchTensor sums;

    /**
     * @param team calls alone, one thread beside the other
     * @param prompts how often the tokens are packed one after another
     */
    BareWork(CausalLanguageModel model, TorchProgram program, RowTeam team, int[] tokens, int prompts) {
        this.model = model;
        this.program = program;
        this.team = team;
        this.unembedding = model.head().unembedding();
        this.prompts = PackedPrompts.of(Collections.nCopies(prompts, tokens).toArray(int[][]::new));
        this.tokenCount = tokens.length * prompts;
        var extents = model.architecture().extents();
        int rowCount = extents.blocks() * tokenCount;
        List<Blocking> blockings = Blocking.candidates(rowCount, extents.vocabulary());
        int elements = Math.max(
                blockings.stream()
                        .mapToInt(cut -> cut.elements(team.threads()))
                        .max()
                        .orElseThrow(),
                Math.min(EXPECTATION_ROWS, tokenCount) * extents.vocabulary());
        long type = Yardstick.typeCode(model.head().computeType());
        this.scope = program.scope();
        this.rows = program.tensor(scope, "random", (long) rowCount, unembedding);
        this.buffer = program.tensor(scope, "filled", (long) elements, type);
        this.sums = program.tensor(scope, "random", (long) tokenCount, unembedding);
        this.fastest = fastest(blockings);
    }

    private List<Blocking> fastest(List<Blocking> blockings) {
        Map<Blocking, Double> shortest = new LinkedHashMap<>();
        for (Blocking blocking : blockings) {
            trial(blocking);
            for (int i = 0; i < TRIALS; i++) {
                shortest.merge(blocking, trial(blocking), Math::min);
            }
        }
        double best = Collections.min(shortest.values());
        return shortest.entrySet().stream()
                .filter(trial -> trial.getValue() <= CLOSE_TO_BEST * best)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How the products are cut. */
    public List<Blocking> cuts() {
        return fastest;
    }

    /** All of it, once. */
    public double all() {
        double products = fastest.stream().mapToDouble(this::products).min().orElseThrow();
        return forward() + products + expectation() + selfChecks();
    }

    /** The blocks alone. */
    public double forward() {
        long start = System.nanoTime();
        model.decoder().forward(prompts, (layer, residual, packed) -> packed);
        return (System.nanoTime() - start) / 1e9;
    }

    /** Rows of every block and token times the unembedding. */
    public double products(Blocking blocking) {
        return products(rows, blocking);
    }

    /** The same with a bounded number of rows, which tells as well how a product should be cut. */
    double trial(Blocking blocking) {
        try (TorchTensor some = program.tensor(scope, "some_rows", rows, TRIAL_ROWS)) {
            return products(some, blocking);
        }
    }

    private double products(TorchTensor input, Blocking blocking) {
        long start = System.nanoTime();
        if (blocking.threads() == Blocking.Threads.CALL_ALONE) {
            team.run(team.threads(), thread -> project(input, blocking, thread, team.threads()));
        } else {
            project(input, blocking, 0, 1);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** One thread's calls of several threads. */
    private void project(TorchTensor input, Blocking blocking, int thread, int threads) {
        program.execute("project", input, unembedding, blocking.rows(), blocking.columns(), buffer, thread, threads);
    }

    /** Every token's distribution times the unembedding: [tokens, V] x [V, d]. */
    public double expectation() {
        long start = System.nanoTime();
        program.execute("expect", tokenCount, unembedding, EXPECTATION_ROWS, buffer, sums);
        return (System.nanoTime() - start) / 1e9;
    }

    /** One row of each prompt times the unembedding, by themselves. */
    public double selfChecks() {
        try (TorchTensor some = program.tensor(scope, "some_rows", rows, prompts.lengths().length)) {
            long start = System.nanoTime();
            // Returned, because a result that is not used is not computed.
            program.tensor(scope, "check", some, unembedding).close();
            return (System.nanoTime() - start) / 1e9;
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
