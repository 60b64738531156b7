package dev.stratalens.engine.lens.pass;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.intervention.OutputDistribution;
import dev.stratalens.engine.lens.intervention.Reach;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.pass.ForwardPass.Kept;
import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.Interventions.Effect;
import dev.stratalens.engine.lens.plan.Interventions.Metric;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.result.MeasuredEffect;
import dev.stratalens.engine.lens.result.MeasuredEffect.MetricPair;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.InterventionNumbers;
import dev.stratalens.engine.model.site.BlockSites;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Compares changed passes with the unchanged ones beside them. Closed before the model. */
final class EffectReader implements AutoCloseable {

    private final CausalLanguageModel model;
    private final HeadKernel kernel;
    private final PassLayout layout;
    private final Kept kept;
    private final Map<Device, InterventionNumbers> numbers = new LinkedHashMap<>();

    /** @param kernel reads the model's own output */
    EffectReader(CausalLanguageModel model, HeadKernel kernel, PassLayout layout, Kept kept) {
        this.model = model;
        this.kernel = kernel;
        this.layout = layout;
        this.kept = kept;
    }

    /** Tells the listener of a plan what its interventions did, if the plan asks for it. */
    void read(PlanResult changed) {
        changed.plan().interventions().effect().ifPresent(asked -> {
            changed.requireUnchanged();
            changed.listener().effect(effect(changed, changed.unchanged().orElseThrow(), asked));
        });
    }

    private MeasuredEffect effect(PlanResult changed, PlanResult unchanged, Effect asked) {
        var reach = new Reach(
                BlockSites.of(model.architecture()),
                changed.plan().interventions(),
                changed.plan().tokenIds().length);
        List<BitSet> reached =
                changed.plan().readPoints().stream().map(reach::at).toList();
        return new MeasuredEffect(
                reached.stream().map(tokens -> among(changed, tokens)).toList(),
                largestDifference(changed, unchanged, reached),
                metrics(changed, unchanged, asked.metrics()));
    }

    private static int[] among(PlanResult result, BitSet tokens) {
        return IntStream.of(result.plan().positions()).filter(tokens::get).toArray();
    }

    private OptionalDouble largestDifference(PlanResult changed, PlanResult unchanged, List<BitSet> reached) {
        OptionalDouble largest = OptionalDouble.empty();
        for (int point = 0; point < reached.size(); point++) {
            BitSet tokens = reached.get(point);
            int[] places = IntStream.range(0, changed.positions())
                    .filter(place -> !tokens.get(changed.plan().positions()[place]))
                    .toArray();
            if (places.length > 0) {
                ReadPoint at = changed.plan().readPoints().get(point);
                largest = OptionalDouble.of(Math.max(largest.orElse(0), difference(changed, unchanged, at, places)));
            }
        }
        return largest;
    }

    private float difference(PlanResult changed, PlanResult unchanged, ReadPoint point, int[] places) {
        Head head = model.head(layout.device(point));
        TorchTensor store = requireNonNull(kept.stores().get(head.device()));
        try (TorchScope step = head.scope()) {
            return numbers.computeIfAbsent(head.device(), at -> new InterventionNumbers(head))
                    .largestDifference(
                            step,
                            head.select(step, store, rows(changed, point, places)),
                            head.select(step, store, rows(unchanged, point, places)));
        }
    }

    private long[] rows(PlanResult result, ReadPoint point, int[] places) {
        long first = layout.firstRow(point) + (long) result.firstPosition();
        return IntStream.of(places).mapToLong(place -> first + place).toArray();
    }

    private List<MetricPair> metrics(PlanResult changed, PlanResult unchanged, List<Metric> metrics) {
        var distributions = new LinkedHashMap<Integer, List<OutputDistribution>>();
        var values = new ArrayList<MetricPair>();
        for (Metric metric : metrics) {
            List<OutputDistribution> both = distributions.computeIfAbsent(
                    metric.position(), position -> List.of(output(unchanged, position), output(changed, position)));
            OutputDistribution before = both.get(0);
            values.add(new MetricPair(
                    before.value(metric.kind(), before), both.get(1).value(metric.kind(), before)));
        }
        return values;
    }

    private OutputDistribution output(PlanResult result, int position) {
        Head head = model.head();
        MetricRows rows = kept.metricRows();
        int place = rows.place(result, position);
        try (TorchScope step = head.scope()) {
            TorchTensor row = head.slice(step, rows.store(), place, place + 1);
            return new OutputDistribution(kernel.plainLogits(step, head.plainlyNormed(step, row)));
        }
    }

    @Override
    public void close() {
        numbers.values().forEach(InterventionNumbers::close);
    }
}
