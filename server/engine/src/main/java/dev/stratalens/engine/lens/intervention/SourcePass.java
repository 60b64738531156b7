package dev.stratalens.engine.lens.intervention;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.LayerSink;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Forward passes over source prompts, several at a time, that hand over rows, and stop after the last block that has one of them. */
final class SourcePass {

    /** Tokens that share one reading of the weights. */
    static final int GROUP_TOKENS = 256;

    private final CausalLanguageModel model;
    private final Runnable betweenBlocks;

    /** @param betweenBlocks may throw, which ends the passes */
    SourcePass(CausalLanguageModel model, Runnable betweenBlocks) {
        this.model = model;
        this.betweenBlocks = betweenBlocks;
    }

    /**
     * Rows that are needed.
     *
     * @param source index of the prompt
     * @param positions tokens of it
     * @param taker gets them in float32, one after another
     */
    record Use(int source, ReadPoint point, int[] positions, Consumer<float[]> taker) {}

    /** Runs the passes that the uses need. */
    void run(List<int[]> sources, List<Use> uses) {
        List<Integer> needed =
                uses.stream().map(Use::source).distinct().sorted().toList();
        var group = new ArrayList<Integer>();
        int tokens = 0;
        for (int source : needed) {
            int length = sources.get(source).length;
            if (!group.isEmpty() && tokens + length > GROUP_TOKENS) {
                runTogether(sources, group, uses);
                group.clear();
                tokens = 0;
            }
            group.add(source);
            tokens += length;
        }
        if (!group.isEmpty()) {
            runTogether(sources, group, uses);
        }
    }

    private void runTogether(List<int[]> sources, List<Integer> group, List<Use> uses) {
        List<Use> here =
                uses.stream().filter(use -> group.contains(use.source())).toList();
        PackedPrompts prompts =
                PackedPrompts.of(group.stream().map(sources::get).toArray(int[][]::new));
        model.decoder().forward(prompts, new Taker(group, here));
    }

    private final class Taker implements LayerSink {

        private final List<Integer> group;
        private final List<Use> uses;
        private final int lastBlock;

        private Taker(List<Integer> group, List<Use> uses) {
            this.group = group;
            this.uses = uses;
            this.lastBlock = uses.stream()
                    .mapToInt(use -> use.point().equals(ReadPoint.EMBEDDING)
                            ? -1
                            : use.point().block())
                    .max()
                    .orElse(-1);
        }

        @Override
        public PackedPrompts accept(int layer, TorchTensor residual, PackedPrompts packed) {
            betweenBlocks.run();
            take(layer < 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(layer), residual, packed);
            return packed.keeping(index -> layer < lastBlock);
        }

        @Override
        public Set<Site> sites(int block) {
            return uses.stream()
                    .map(Use::point)
                    .filter(point -> point.block() == block && Site.INSIDE.contains(point.site()))
                    .map(ReadPoint::site)
                    .collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public void site(int block, Site site, TorchTensor rows, PackedPrompts packed) {
            take(new ReadPoint(block, site), rows, packed);
        }

        private void take(ReadPoint point, TorchTensor rows, PackedPrompts packed) {
            for (Use use : uses) {
                if (use.point().equals(point)) {
                    int first = packed.start(group.indexOf(use.source()));
                    long[] indexes = Arrays.stream(use.positions())
                            .mapToLong(position -> (long) first + position)
                            .toArray();
                    use.taker()
                            .accept(model.decoder().numbers(point.block(), point.site(), rows, indexes, model.head()));
                }
            }
        }
    }
}
