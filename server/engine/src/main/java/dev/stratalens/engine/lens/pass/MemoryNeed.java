package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.mixer.MixerState;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.intervention.InterventionResolver;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.Interventions.Effect;
import dev.stratalens.engine.lens.plan.Interventions.Sweep;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.sweep.SweepPass;
import dev.stratalens.engine.model.Decoder;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.tensor.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Computes the memory of a request on each device in addition to the weights, from sizes alone, before anything is allocated. */
public final class MemoryNeed {

    private static final int FLOAT_BYTES = 4;

    /** Rows of the residual stream's width in a block at a time: input, norm, query, key, value, output, sum. */
    private static final int BLOCK_ROWS = 10;

    /** Inner rows of the feed-forward at a time: gate, up, product. */
    private static final int INNER_ROWS = 3;

    /** Rows of sites inside a block that are held until its end: heads, two branches, and the stream between them. */
    private static final int SITE_ROWS = 4;

    /** Copies of what rows carry beside the stream: before a block and after it. */
    private static final int CARRIED_ROWS = 2;

    /** Buffers of scores: scores, capped or biased scores, probabilities, and one for a step between them. */
    private static final int SCORE_BUFFERS = 4;

    /** Buffers of states of a chunk: decays, states, and one for a step between them. */
    private static final int STATE_BUFFERS = 3;

    /** Rows of a sweep whose logits are on the heap at a time: those of a group, twice, and the unchanged ones. */
    private static final long SWEEP_LOGITS = 17;

    /** Copies of rows around a map: before it, after it, their sum, and the rows of several maps together. */
    private static final int MAPPED_ROWS = 4;

    private final Architecture architecture;
    private final Placement placement;
    private final DataType computeType;
    private final HeadKernel kernel;
    private final long mixerWidth;
    private final long stateSize;

    /** @param placement the devices of the parts */
    public MemoryNeed(Architecture architecture, Placement placement, DataType computeType, HeadKernel kernel) {
        this.architecture = architecture;
        this.placement = placement;
        this.computeType = computeType;
        this.kernel = kernel;
        this.mixerWidth = largest(MemoryNeed::mixerWidth);
        this.stateSize = largest(MemoryNeed::stateSize);
    }

    /** The largest need on a device. */
    public long bytes(LensPlan plan) {
        return byDevice(plan).values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** What a text of so many tokens keeps between its pieces, and the scores of its last token; the largest need on a device. */
    public long stateBytes(int tokens) {
        long room = Mixer.STATE_STEP * ((tokens + Mixer.STATE_STEP - 1) / Mixer.STATE_STEP);
        Map<Device, Long> needs = new LinkedHashMap<>();
        for (int block = 0; block < architecture.extents().blocks(); block++) {
            MixerState state = architecture
                    .mixer()
                    .apply(block)
                    .state(architecture.weights().block().apply(block));
            needs.merge(
                    placement.deviceOf(block),
                    room * state.perToken() * computeType.byteSize() + state.fixed() * FLOAT_BYTES,
                    Long::sum);
        }
        long scores = SCORE_BUFFERS * (long) architecture.extents().heads() * tokens * FLOAT_BYTES;
        return scores + needs.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /**
     * Blocks run where they are; rows are kept and read where heads are, all by one of them if they are compared with the
     * output; results are in the memory of this machine.
     */
    Map<Device, Long> byDevice(LensPlan plan) {
        Extents extents = architecture.extents();
        int passes = plan.interventions().effect().isPresent() ? 2 : 1;
        long tokens = Math.max(
                Math.max((long) plan.tokenIds().length * passes, sourceTokens(plan.interventions())),
                plan.interventions().sweep().isPresent() ? SweepPass.PACK_TOKENS : 0);
        long positions = (long) plan.positions().length * passes;
        long readPoints = plan.readPoints().size()
                + plan.attributed().stream()
                        .filter(point -> !plan.readPoints().contains(point))
                        .count();
        long hidden = extents.hidden();
        long attention = (long) extents.heads() * extents.headSize();
        // The rows of attention heads may be wider than those of the stream.
        boolean heads = !plan.attributed().isEmpty() || !plan.interventions().isNone();
        long width = heads ? Math.max(hidden, attention) : hidden;
        long residuals = (readPoints + 1) * positions * width * computeType.byteSize();
        long block = tokens
                * ((BLOCK_ROWS + siteRows(plan)) * Math.max(Math.max(hidden, attention), mixerWidth)
                        + INNER_ROWS * (long) extents.inner()
                        + CARRIED_ROWS * (long) architecture.carried())
                * FLOAT_BYTES;
        block += scores(tokens) + STATE_BUFFERS * Math.min(tokens, Decoder.SCAN_TOKENS) * stateSize * FLOAT_BYTES;
        long expectations = (positions + kernel.rowLimit()) * hidden * FLOAT_BYTES;
        Map<Device, Long> needs = new LinkedHashMap<>();
        if (plan.interventions().sweep().isPresent()) {
            // The unchanged prompt's rows and its keys and values, which all cells read.
            long remembered = 2L * extents.blocks() * extents.keyValueWidth() + hidden + architecture.carried();
            block += plan.tokenIds().length * remembered * computeType.byteSize();
        }
        long oneBlock = block;
        placement.stages().forEach(stage -> needs.put(stage.device(), oneBlock));
        long maps = mapWork(plan);
        placement.stages().forEach(stage -> needs.merge(stage.device(), maps, Math::max));
        placement.heads().forEach(head -> {
            needs.merge(head, expectations + kernel.workBytes() + maps, Math::max);
            needs.merge(head, residuals, Long::sum);
        });
        needs.merge(Device.CPU, (plan.cellCount() + positions) * perCell(plan), Long::sum);
        needs.merge(Device.CPU, shares(plan), Long::sum);
        needs.merge(Device.CPU, changes(plan, width), Long::sum);
        return needs;
    }

    /** Tokens of source prompts that pass the blocks together. */
    private static long sourceTokens(Interventions interventions) {
        long longest = 0;
        long all = 0;
        for (int[] source : interventions.sources()) {
            longest = Math.max(longest, source.length);
            all += source.length;
        }
        return Math.min(all, Math.max(longest, InterventionResolver.SOURCE_TOKENS));
    }

    /** Rows that interventions write, the numbers of the unchanged result, and the logits that metrics read. */
    private long changes(LensPlan plan, long width) {
        long rows = Stream.concat(
                        plan.interventions().changes().stream(),
                        plan.interventions().sweep().map(Sweep::change).stream())
                .mapToLong(change -> (long) change.blocks().length * (1 + change.positions().length))
                .sum();
        long logits = plan.interventions()
                .effect()
                .map(effect ->
                        2L * effect.metrics().size() * architecture.extents().vocabulary())
                .orElse(
                        plan.interventions().sweep().isPresent()
                                ? SWEEP_LOGITS * architecture.extents().vocabulary()
                                : 0L);
        boolean twice =
                plan.interventions().effect().map(Effect::withUnchangedResult).orElse(false);
        return (rows * width + logits) * FLOAT_BYTES + (twice ? plan.cellCount() * perCell(plan) : 0);
    }

    private static long perCell(LensPlan plan) {
        return 8L * plan.topK()
                + 8L * plan.targets().size()
                + (1L + plan.statistics().size()) * FLOAT_BYTES;
    }

    /** Numbers of an attribution: of each part that adds to the stream, and of each attention head. */
    private long shares(LensPlan plan) {
        long perLogit = plan.attributed().stream()
                .mapToLong(point -> point.site() == Site.ATTENTION_HEADS
                        ? architecture.extents().heads()
                        : 1)
                .sum();
        return perLogit * plan.positions().length * plan.targets().size() * FLOAT_BYTES;
    }

    private static int siteRows(LensPlan plan) {
        return Stream.concat(plan.readPoints().stream(), plan.attributed().stream())
                                .anyMatch(point -> Site.INSIDE.contains(point.site()))
                        || !plan.interventions().isNone()
                ? SITE_ROWS
                : 0;
    }

    /** What the map of a fitted lens takes beside itself: its numbers in float32, and rows before and after it. */
    private long mapWork(LensPlan plan) {
        long hidden = architecture.extents().hidden();
        return plan.lenses().stream().anyMatch(RequestedLens.Transport.class::isInstance)
                ? (hidden + MAPPED_ROWS * (long) kernel.rowLimit()) * hidden * FLOAT_BYTES
                : 0;
    }

    private long largest(ToLongFunction<Map<String, WeightSource>> ofBlock) {
        return IntStream.range(0, architecture.extents().blocks())
                .mapToObj(architecture.weights().block())
                .mapToLong(ofBlock)
                .max()
                .orElse(0);
    }

    /** Numbers of a row between the products of a recurrent mixer. */
    private static long mixerWidth(Map<String, WeightSource> slots) {
        return slots.entrySet().stream()
                .filter(slot -> Slot.isOfMixer(slot.getKey()))
                .mapToLong(slot -> slot.getValue().storedShape().get(0))
                .max()
                .orElse(0);
    }

    /** Numbers of a state that each token of a chunk has. */
    private static long stateSize(Map<String, WeightSource> slots) {
        WeightSource decays = slots.get(Slot.DECAY_LOG);
        return decays == null ? 0 : decays.storedShape().stream().reduce(1L, (a, b) -> a * b);
    }

    /** Attention scores at a time if attention is not fused. */
    private long scores(long tokens) {
        long scores = architecture.extents().heads() * tokens * tokens;
        return architecture.attention().fusible()
                ? 0
                : SCORE_BUFFERS * Math.min(scores, Decoder.SCORE_LIMIT) * FLOAT_BYTES;
    }
}
