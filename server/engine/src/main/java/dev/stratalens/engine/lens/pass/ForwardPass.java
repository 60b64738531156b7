package dev.stratalens.engine.lens.pass;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.pass.result.PassTimes;
import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Decoder;
import dev.stratalens.engine.model.LayerSink;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.model.PromptState;
import dev.stratalens.engine.model.change.RowChanges;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Runs the blocks over the packed prompts of a pass, and keeps the residual rows that its plans need. */
final class ForwardPass {

    /** Tokens that share one reading of the weights; more gain next to nothing by it. */
    private static final int GROUP_TOKENS = 256;

    private final Decoder decoder;
    private final boolean inStages;
    private final PassLayout layout;
    private final PassTimes times;
    private final RowChanges changes;
    private final Device output;
    private final int blocks;

    ForwardPass(CausalLanguageModel model, PassLayout layout, PassTimes times, RowChanges changes) {
        this.decoder = model.decoder();
        this.layout = layout;
        this.times = times;
        this.changes = changes;
        this.output = model.placement().head();
        this.inStages = model.placement().stages().size() > 1;
        this.blocks = model.architecture().extents().blocks();
    }

    /**
     * Runs the blocks. A plan that ends during the pass leaves it.
     *
     * @param scopes owners of the rows
     * @return what it keeps
     */
    Kept run(DeviceScopes scopes) {
        List<PlanResult> results = layout.results();
        var stores = new LinkedHashMap<Device, TorchTensor>();
        var heads = new HashMap<Integer, TorchTensor>();
        var metrics = new MetricRows(decoder, scopes.on(output), results);
        layout.devices()
                .forEach(device -> stores.put(device, decoder.rowStore(scopes.on(device), layout.rows(device))));
        results.forEach(result -> result.begin(Phase.FORWARD, blocks));
        PackedPrompts prompts = PackedPrompts.of(
                        results.stream().map(result -> result.plan().tokenIds()).toArray(int[][]::new))
                .keeping(index -> results.get(index).isLive());
        groups(prompts).forEach(group -> {
            PackedPrompts some = prompts.keeping(
                    index -> group.get(index) && results.get(index).isLive());
            if (!some.isEmpty()) {
                run(some, new Kept(stores, heads, metrics), scopes);
            }
        });
        times.forwardEnds();
        return new Kept(stores, heads, metrics);
    }

    /**
     * Rows that a pass keeps, in the compute type.
     *
     * @param stores rows of the stream on each device, in the order of the layout, [rows, d]
     * @param heads rows of the attention heads by block, of all positions, [positions, heads * size]
     * @param metricRows rows of the model's own output for metrics
     */
    record Kept(Map<Device, TorchTensor> stores, Map<Integer, TorchTensor> heads, MetricRows metricRows) {}

    private void run(PackedPrompts prompts, Kept all, DeviceScopes scopes) {
        try (DeviceScopes steps = new DeviceScopes(decoder, layout.devices())) {
            var kept = new HashMap<Device, KeptRows>();
            all.stores().keySet().forEach(device -> kept.put(device, new KeptRows(prompts, steps.on(device))));
            decoder.forward(states(), prompts, changes, new Keeper(prompts, kept, all, scopes));
        }
    }

    /** One for each plan if any continues a text. */
    private List<PromptState> states() {
        List<PlanResult> results = layout.results();
        return results.stream().allMatch(result -> result.state().isEmpty())
                ? List.of()
                : results.stream()
                        .map(result -> result.state().orElse(decoder.noState()))
                        .toList();
    }

    /** Keeps rows of the read points of the layout, and reports each block. */
    private final class Keeper implements LayerSink {

        private final PackedPrompts prompts;
        private final Map<Device, KeptRows> kept;
        private final Kept all;
        private final DeviceScopes scopes;

        private Keeper(PackedPrompts prompts, Map<Device, KeptRows> kept, Kept all, DeviceScopes scopes) {
            this.prompts = prompts;
            this.kept = kept;
            this.all = all;
            this.scopes = scopes;
        }

        @Override
        public PackedPrompts accept(int layer, TorchTensor residual, PackedPrompts packed) {
            List<PlanResult> results = layout.results();
            keep(layer < 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(layer), residual, packed);
            if (layer == blocks - 1) {
                all.metricRows().keep(residual, packed, results);
            }
            if (layer >= 0) {
                for (int index : prompts.indexes()) {
                    results.get(index).advance(1);
                }
                layout.report();
                times.takeInterlude();
            }
            return packed.keeping(index -> results.get(index).isLive());
        }

        @Override
        public Set<Site> sites(int block) {
            return layout.sites(block);
        }

        @Override
        public void site(int block, Site site, TorchTensor rows, PackedPrompts packed) {
            var point = new ReadPoint(block, site);
            if (site != Site.ATTENTION_HEADS) {
                keep(point, rows, packed);
                return;
            }
            Device device = layout.device(new ReadPoint(block, Site.ATTENTION_OUTPUT));
            TorchTensor store = all.heads()
                    .computeIfAbsent(block, of -> decoder.headStore(scopes.on(device), layout.positions(), rows));
            requireNonNull(kept.get(device)).keep(rows, packed, store, 0);
        }

        private void keep(ReadPoint point, TorchTensor rows, PackedPrompts packed) {
            if (layout.keeps(point)) {
                Device device = layout.device(point);
                requireNonNull(kept.get(device))
                        .keep(rows, packed, requireNonNull(all.stores().get(device)), layout.firstRow(point));
            }
        }
    }

    /**
     * The indexes of prompts that go through the blocks together. On one device these are all. On several, each device
     * has another group at a time, since nothing waits for the devices here: the next group is on its way before the last
     * one has arrived.
     */
    private List<BitSet> groups(PackedPrompts prompts) {
        var groups = new ArrayList<BitSet>();
        int tokens = 0;
        for (int place = 0; place < prompts.indexes().length; place++) {
            tokens += prompts.lengths()[place];
            if (groups.isEmpty() || (inStages && tokens > GROUP_TOKENS)) {
                groups.add(new BitSet());
                tokens = prompts.lengths()[place];
            }
            groups.get(groups.size() - 1).set(prompts.indexes()[place]);
        }
        return groups;
    }

    /** The kept rows of the residual stream and their places on a device; the same for every layer while no prompt leaves. */
    private final class KeptRows {

        private final TorchScope scope;
        private int promptCount;
        private TorchTensor rows;
        private TorchTensor places;

        private KeptRows(PackedPrompts packed, TorchScope scope) {
            this.scope = scope;
            this.promptCount = packed.indexes().length;
            this.rows = rows(packed);
            this.places = places(packed);
        }

        private void keep(TorchTensor residual, PackedPrompts packed, TorchTensor store, int first) {
            if (packed.indexes().length != promptCount) {
                promptCount = packed.indexes().length;
                rows = rows(packed);
                places = places(packed);
            }
            decoder.keepRows(residual, rows, store, places, first);
        }

        private TorchTensor rows(PackedPrompts packed) {
            long[] kept = IntStream.range(0, packed.indexes().length)
                    .flatMap(place -> Arrays.stream(result(packed, place).plan().positions())
                            .map(position -> packed.start(place) + position))
                    .asLongStream()
                    .toArray();
            return scope.longs(kept, kept.length);
        }

        private TorchTensor places(PackedPrompts packed) {
            long[] kept = IntStream.range(0, packed.indexes().length)
                    .mapToObj(place -> result(packed, place))
                    .flatMapToInt(result ->
                            IntStream.range(result.firstPosition(), result.firstPosition() + result.positions()))
                    .asLongStream()
                    .toArray();
            return scope.longs(kept, kept.length);
        }
    }

    private PlanResult result(PackedPrompts packed, int place) {
        return layout.results().get(packed.indexes()[place]);
    }
}
