package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.MapForm;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Fits a tuned lens. The recipe's source: {@code AlignmentResearch/tuned-lens} 0.2.0, {@code scripts/train_loop.py}. */
final class TunedFit implements OngoingFit {

    private static final double MOMENTUM = 0.9;
    private static final double DECAY = 0.001;
    private static final double MOST_NORM = 1;

    /** A parameter with its running gradient and its momentum. */
    private record Parameter(TorchTensor value, TorchTensor gradient, TorchTensor momentum, long[] shape) {}

    private final CausalLanguageModel model;
    private final FitKind.Tuned kind;
    private final List<int[]> sequences;
    private final TorchProgram program;
    private final TorchScope scope;
    private final List<Parameter> matrices = new ArrayList<>();
    private final List<Parameter> biases = new ArrayList<>();
    private final double[] losses;
    private long steps;
    private long used;

    TunedFit(CausalLanguageModel model, FitKind.Tuned kind, List<int[]> sequences) {
        this.model = model;
        this.kind = kind;
        this.sequences = sequences;
        this.program = model.head().fittingProgram();
        this.scope = program.scope();
        int width = model.architecture().extents().hidden();
        int points = model.architecture().extents().blocks();
        this.losses = new double[points];
        for (int point = 0; point < points; point++) {
            matrices.add(parameter(width, width));
            biases.add(parameter(1, width));
        }
    }

    private Parameter parameter(long rows, long columns) {
        return new Parameter(
                program.tensor(scope, "empty", rows, columns),
                program.tensor(scope, "empty", rows, columns),
                program.tensor(scope, "empty", rows, columns),
                new long[] {rows, columns});
    }

    @Override
    public void step() {
        List<int[]> batch = nextBatch();
        Arrays.fill(losses, 0);
        for (int first = 0; first < batch.size(); ) {
            List<int[]> rest = batch.subList(first, batch.size());
            int count = SequenceRows.together(model, rest);
            addGradients(rest.subList(0, count));
            first += count;
        }
        long tokens = batch.stream().mapToLong(sequence -> sequence.length).sum();
        for (int point = 0; point < losses.length; point++) {
            losses[point] /= tokens;
        }
        descend(tokens);
        steps++;
        used += batch.size();
    }

    private List<int[]> nextBatch() {
        var batch = new ArrayList<int[]>();
        long tokens = 0;
        while (tokens < kind.tokensPerStep()) {
            int[] sequence = sequences.get((int) ((used + batch.size()) % sequences.size()));
            batch.add(sequence);
            tokens += sequence.length;
        }
        return batch;
    }

    private void addGradients(List<int[]> together) {
        try (var rows = new SequenceRows(model, together, 0)) {
            for (int chunk = 0; chunk < rows.chunkCount(); chunk++) {
                try (TorchScope step = program.scope()) {
                    List<TorchTensor> output = program.tensors(
                            step,
                            "output_probs",
                            rows.last(step, chunk),
                            model.head().weights());
                    double negativeEntropy = model.head().numbers(output.get(1))[0];
                    for (int point = 0; point < losses.length; point++) {
                        losses[point] += negativeEntropy;
                        addGradients(rows, chunk, point, output.get(0));
                    }
                }
            }
        }
    }

    private void addGradients(SequenceRows rows, int chunk, int point, TorchTensor outputProbs) {
        Parameter matrix = matrices.get(point);
        Parameter bias = biases.get(point);
        try (TorchScope step = program.scope()) {
            List<TorchTensor> made = program.derivatives(
                    step,
                    "derivatives",
                    rows.chunk(step, point, chunk),
                    outputProbs,
                    matrix.value(),
                    bias.value(),
                    model.head().weights());
            losses[point] -= model.head().numbers(made.get(0))[0];
            program.execute("add_to", matrix.gradient(), made.get(1));
            program.execute("add_to", bias.gradient(), made.get(2));
        }
    }

    /** One step down the mean gradient, cut where it is too long; then the gradients are 0. */
    private void descend(long tokens) {
        double rate = (1 - MOMENTUM) * kind.rate() * (kind.steps() - steps) / kind.steps();
        double norm = Math.sqrt(squares()) / tokens;
        double factor = Math.min(1, MOST_NORM / (norm + 1e-6)) / tokens;
        for (List<Parameter> some : List.of(matrices, biases)) {
            for (Parameter parameter : some) {
                program.execute("scale", parameter.gradient(), factor);
                program.execute(
                        "descend",
                        parameter.value(),
                        parameter.gradient(),
                        parameter.momentum(),
                        rate,
                        MOMENTUM,
                        DECAY);
                program.execute("scale", parameter.gradient(), 0.0);
            }
        }
    }

    private double squares() {
        double sum = 0;
        for (List<Parameter> some : List.of(matrices, biases)) {
            for (Parameter parameter : some) {
                try (TorchScope step = program.scope()) {
                    sum += model.head().numbers(program.tensor(step, "square_sum", parameter.gradient()))[0];
                }
            }
        }
        return sum;
    }

    /** Mean divergence of each read point in the last step, in nats. */
    double[] losses() {
        return losses.clone();
    }

    @Override
    public boolean isDone() {
        return steps >= kind.steps();
    }

    @Override
    public FitProgress progress() {
        double mean = Arrays.stream(losses).average().orElse(0);
        return new FitProgress(
                steps, kind.steps(), mean == 0 ? "" : String.format(Locale.ROOT, "mean divergence %.4f nats", mean));
    }

    @Override
    public long usedSequences() {
        return used;
    }

    @Override
    public SortedMap<String, Part> state() {
        var state = new TreeMap<String, Part>();
        for (int point = 0; point < losses.length; point++) {
            put(state, "matrix." + point, matrices.get(point));
            put(state, "bias." + point, biases.get(point));
        }
        return state;
    }

    private static void put(Map<String, Part> state, String name, Parameter parameter) {
        state.put(name, new Part(parameter.value(), parameter.shape()));
        state.put(name + ".momentum", new Part(parameter.momentum(), parameter.shape()));
    }

    @Override
    public Map<String, String> counters() {
        var counters = new LinkedHashMap<String, String>();
        counters.put("steps", Long.toString(steps));
        counters.put("used", Long.toString(used));
        return counters;
    }

    @Override
    public void set(Part part, float[] numbers) {
        try (TorchScope step = program.scope()) {
            program.execute("put", part.tensor(), 0, step.floats(numbers, part.shape()));
        }
    }

    @Override
    public void resume(Map<String, String> counters) {
        steps = Long.parseLong(counters.getOrDefault("steps", ""));
        used = Long.parseLong(counters.getOrDefault("used", ""));
    }

    @Override
    public MapForm form() {
        return MapForm.RESIDUAL;
    }

    @Override
    public boolean isBiased() {
        return true;
    }

    @Override
    public List<ReadPoint> points() {
        return IntStream.range(0, losses.length)
                .mapToObj(point -> point == 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(point - 1))
                .toList();
    }

    @Override
    public CurrentMap map(TorchScope owner, ReadPoint point) {
        int index = point.equals(ReadPoint.EMBEDDING) ? 0 : point.block() + 1;
        return new CurrentMap(matrices.get(index).value(), biases.get(index).value());
    }

    @Override
    public void close() {
        program.close();
    }
}
