package dev.stratalens.engine.lens.pass;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.pass.ForwardPass.Kept;
import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.LogitShares;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Computes how much each part of the model writes toward the logits of targets, from the rows that a pass has kept. */
final class AttributionReader implements AutoCloseable {

    /** Logits that are divided at a time, each with a direction in the stream. */
    static final int LOGITS = 128;

    private final CausalLanguageModel model;
    private final PassLayout layout;
    private final Kept kept;
    private final ReadPoint output;
    private final Map<Device, LogitShares> programs = new LinkedHashMap<>();

    /** @param output read point of the model's own output */
    AttributionReader(CausalLanguageModel model, PassLayout layout, Kept kept, ReadPoint output) {
        this.model = model;
        this.layout = layout;
        this.kept = kept;
        this.output = output;
    }

    /** Passes on the attribution of a plan, part by part, if it asks for one. */
    void read(PlanResult result) {
        if (result.plan().attributed().isEmpty()) {
            return;
        }
        LensPlan plan = result.plan();
        int[] logits = IntStream.range(0, result.targetIds().length)
                .filter(i -> result.targetIds()[i] >= 0)
                .toArray();
        var values = new ArrayList<float[]>();
        plan.attributed().forEach(part -> values.add(new float[0]));
        float[] biases = missing(result.targetIds().length);
        for (int first = 0; first < logits.length; first += LOGITS) {
            int[] some = Arrays.copyOfRange(logits, first, Math.min(first + LOGITS, logits.length));
            read(result, some, values, biases);
            result.throwIfUnwanted();
            layout.report();
        }
        for (int part = 0; part < values.size(); part++) {
            float[] all = values.get(part);
            int heads = result.targetIds().length == 0 ? 1 : Math.max(1, all.length / result.targetIds().length);
            result.listener()
                    .attribution(new AttributedPart(
                            part, heads, all.length == 0 ? missing(result.targetIds().length) : all));
        }
        result.listener().attributed(logits(result, logits, values, biases));
    }

    private static float[] missing(int count) {
        var values = new float[count];
        Arrays.fill(values, Float.NaN);
        return values;
    }

    /** @param logits indexes of positions and targets, [p * m] */
    private void read(PlanResult result, int[] logits, List<float[]> values, float[] biases) {
        Head head = model.head(layout.device(output));
        LogitShares attribution = attribution(head.device());
        try (TorchScope step = head.scope()) {
            long[] ids =
                    IntStream.of(logits).mapToLong(i -> result.targetIds()[i]).toArray();
            TorchTensor rows = head.select(step, store(head.device()), rows(result, logits, layout.firstRow(output)));
            TorchTensor directions = attribution.directions(step, rows, ids);
            put(attribution.biases(step, ids), logits, biases, 1);
            for (int part = 0; part < values.size(); part++) {
                ReadPoint point = result.plan().attributed().get(part);
                float[] shares = point.site() == Site.ATTENTION_HEADS
                        ? ofHeads(result, logits, point.block(), directions)
                        : ofPart(result, logits, point, directions);
                int heads = shares.length / logits.length;
                if (values.get(part).length == 0) {
                    values.set(part, missing(biases.length * heads));
                }
                put(shares, logits, values.get(part), heads);
            }
        }
    }

    private float[] ofPart(PlanResult result, int[] logits, ReadPoint point, TorchTensor directions) {
        Head head = model.head(layout.device(point));
        try (TorchScope step = head.scope()) {
            TorchTensor rows = head.select(step, store(head.device()), rows(result, logits, layout.firstRow(point)));
            return attribution(head.device()).shares(step, rows, on(step, directions));
        }
    }

    private float[] ofHeads(PlanResult result, int[] logits, int block, TorchTensor directions) {
        Head head = model.head(layout.device(new ReadPoint(block, Site.ATTENTION_OUTPUT)));
        try (TorchScope step = head.scope()) {
            TorchTensor rows = head.select(step, requireNonNull(kept.heads().get(block)), rows(result, logits, 0));
            return head.numbers(model.decoder().headShares(step, block, rows, on(step, directions)));
        }
    }

    private static TorchTensor on(TorchScope scope, TorchTensor tensor) {
        return tensor.device().equals(scope.device()) ? tensor : scope.copyOf(tensor);
    }

    private TorchTensor store(Device device) {
        return requireNonNull(kept.stores().get(device));
    }

    /** The row of each logit's position. */
    private static long[] rows(PlanResult result, int[] logits, int firstRow) {
        int targets = result.plan().targets().size();
        return IntStream.of(logits)
                .mapToLong(i -> (long) firstRow + result.firstPosition() + i / targets)
                .toArray();
    }

    private static void put(float[] some, int[] places, float[] all, int each) {
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(some, i * each, all, places[i] * each, each);
        }
    }

    /** The sums, and how far the logits are from them: what would be wrong if a part were missing. */
    private AttributedLogits logits(PlanResult result, int[] logits, List<float[]> values, float[] biases) {
        var own = missing(biases.length);
        var totals = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            int place = logits[i];
            double total = biases[place];
            for (int part = 0; part < values.size(); part++) {
                if (result.plan().attributed().get(part).site().isAdded()) {
                    total += values.get(part)[place];
                }
            }
            totals[i] = (float) total;
            int position = place / result.plan().targets().size();
            own[place] =
                    result.output().targetLogProbs()[place] + result.output().logSumExps()[position];
        }
        float difference = 0;
        if (logits.length > 0) {
            Head head = model.head(layout.device(output));
            try (TorchScope step = head.scope()) {
                float[] capped = attribution(head.device()).capped(step, totals);
                for (int i = 0; i < logits.length; i++) {
                    difference = Math.max(difference, Math.abs(capped[i] - own[logits[i]]));
                }
            }
        }
        return new AttributedLogits(biases, own, difference);
    }

    private LogitShares attribution(Device device) {
        return programs.computeIfAbsent(device, at -> new LogitShares(model.head(at)));
    }

    @Override
    public void close() {
        programs.values().forEach(LogitShares::close);
    }
}
