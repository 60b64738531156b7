package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.MapForm;
import dev.stratalens.engine.model.BlockDerivatives;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.PromptDerivatives;
import dev.stratalens.engine.model.PromptDerivatives.Span;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Fits a Jacobian lens: the mean, over sequences and source positions, of the sum, over target positions, of the derivatives of the last
 * block's output by a layer's. Definition: {@code anthropics/jacobian-lens}.
 */
final class JacobianFit implements OngoingFit {

    /** Sequences whose effect on the mean is watched. */
    private static final int WATCHED = 10;

    private static final long MOST_COTANGENT_BYTES = 128L << 20;

    private final FitKind.Jacobian kind;
    private final List<int[]> sequences;
    private final int width;
    private final Head head;
    private final BlockDerivatives derivatives;
    private final TorchProgram program;
    private final TorchScope scope;
    /** By layer, the sum over sequences. */
    private final List<TorchTensor> sums = new ArrayList<>();
    /** By layer, of the sequence that is at work. */
    private final List<TorchTensor> current = new ArrayList<>();

    private final Deque<Double> changes = new ArrayDeque<>();
    private int done;

    JacobianFit(CausalLanguageModel model, FitKind.Jacobian kind, List<int[]> sequences) {
        this.kind = kind;
        this.sequences = sequences;
        this.width = model.architecture().extents().hidden();
        this.derivatives = model.decoder().derivatives();
        this.head = model.head();
        this.program = head.fittingProgram();
        this.scope = program.scope();
        for (int layer = 0; layer < model.architecture().extents().blocks() - 1; layer++) {
            sums.add(program.tensor(scope, "empty", width, width));
            current.add(program.tensor(scope, "empty", width, width));
        }
    }

    @Override
    public void step() {
        int[] sequence = sequences.get(done);
        var positions = new Span(kind.skippedPositions(), sequence.length - 1);
        int together = (int) Math.max(1, MOST_COTANGENT_BYTES / ((long) sequence.length * width * Float.BYTES));
        try (PromptDerivatives prompt = derivatives.of(sequence)) {
            for (int first = 0; first < width; first += together) {
                int row = first;
                prompt.jacobians(
                        row, Math.min(together, width - row), positions, (layer, rows) -> put(layer, row, rows));
            }
        }
        double change = 0;
        for (int layer = 0; layer < sums.size(); layer++) {
            change += change(layer) / sums.size();
            program.execute("add_to", sums.get(layer), current.get(layer));
        }
        changes.addLast(change);
        if (changes.size() > WATCHED) {
            changes.removeFirst();
        }
        done++;
    }

    /** The rows come from the device of their block. */
    private void put(int layer, int first, TorchTensor rows) {
        try (TorchScope step = program.scope()) {
            boolean here = rows.device().equals(scope.device());
            program.execute("put", current.get(layer), first, here ? rows : step.copyOf(rows));
        }
    }

    private double change(int layer) {
        try (TorchTensor change =
                program.tensor(scope, "relative_change", sums.get(layer), (double) done, current.get(layer))) {
            return head.numbers(change)[0];
        }
    }

    @Override
    public boolean isDone() {
        return done >= total() || (done >= kind.fewestPrompts() && meanChange() < kind.tolerance());
    }

    private int total() {
        return Math.min(kind.mostPrompts(), sequences.size());
    }

    private double meanChange() {
        return changes.size() < WATCHED
                ? Double.POSITIVE_INFINITY
                : changes.stream().mapToDouble(Double::doubleValue).sum() / WATCHED;
    }

    @Override
    public FitProgress progress() {
        double mean = meanChange();
        return new FitProgress(
                done,
                total(),
                Double.isFinite(mean)
                        ? String.format(Locale.ROOT, "moved by %.4f, ends at %.4f", mean, kind.tolerance())
                        : "");
    }

    @Override
    public long usedSequences() {
        return done;
    }

    @Override
    public SortedMap<String, Part> state() {
        var state = new TreeMap<String, Part>();
        for (int layer = 0; layer < sums.size(); layer++) {
            state.put("sum." + layer, new Part(sums.get(layer), new long[] {width, width}));
        }
        return state;
    }

    @Override
    public Map<String, String> counters() {
        var counters = new LinkedHashMap<String, String>();
        counters.put("done", Integer.toString(done));
        counters.put("changes", changes.stream().map(String::valueOf).collect(Collectors.joining(" ")));
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
        done = Integer.parseInt(counters.getOrDefault("done", ""));
        changes.clear();
        Arrays.stream(counters.getOrDefault("changes", "").split(" "))
                .filter(text -> !text.isEmpty())
                .map(Double::valueOf)
                .forEach(changes::addLast);
    }

    @Override
    public MapForm form() {
        return MapForm.PLAIN;
    }

    @Override
    public boolean isBiased() {
        return false;
    }

    @Override
    public List<ReadPoint> points() {
        return IntStream.range(0, sums.size()).mapToObj(ReadPoint::layer).toList();
    }

    @Override
    public CurrentMap map(TorchScope owner, ReadPoint point) {
        return new CurrentMap(
                program.tensor(owner, "scaled", sums.get(point.block()), 1.0 / done),
                program.tensor(owner, "empty", 1, width));
    }

    @Override
    public void close() {
        try (program;
                derivatives) {}
    }
}
