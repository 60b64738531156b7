package dev.stratalens.engine.model.site;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Residual;
import dev.stratalens.engine.architecture.mixer.Attention;
import dev.stratalens.engine.architecture.mixer.Balance;
import dev.stratalens.engine.architecture.mixer.BalancedMixer;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.mixer.NoMixer;
import dev.stratalens.engine.architecture.mixer.ParallelMixers;
import dev.stratalens.engine.architecture.mixer.SharedTransformer;
import dev.stratalens.engine.architecture.mixer.SizedAttention;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds the sites that each block of a family has. */
public final class BlockSites {

    private BlockSites() {}

    /** The sites of all blocks, by block. */
    public static List<Set<Site>> of(Architecture architecture) {
        return IntStream.range(0, architecture.extents().blocks())
                .mapToObj(block -> of(architecture, block))
                .toList();
    }

    /**
     * The sites of all blocks, by block, that write to the stream. What the heads of a shared transformer give is read by a state space
     * alone.
     */
    public static List<Set<Site>> attributed(Architecture architecture) {
        return IntStream.range(0, architecture.extents().blocks())
                .mapToObj(block -> {
                    var sites = EnumSet.copyOf(of(architecture, block));
                    boolean headsWrite = !(architecture.mixer().apply(block) instanceof SharedTransformer);
                    sites.removeIf(site -> !site.isAdded() && !(site == Site.ATTENTION_HEADS && headsWrite));
                    return Collections.unmodifiableSet(sites);
                })
                .toList();
    }

    /** The attention heads of each block. */
    public static List<HeadShape> heads(Architecture architecture) {
        return IntStream.range(0, architecture.extents().blocks())
                .mapToObj(block -> of(architecture, block).contains(Site.ATTENTION_HEADS)
                        ? headShape(architecture, block)
                        : HeadShape.NONE)
                .toList();
    }

    /** The product out of the heads says how wide they are together. */
    private static HeadShape headShape(Architecture architecture, int block) {
        WeightSource product =
                requireNonNull(architecture.weights().block().apply(block).get(Slot.weight(Slot.ATTENTION_OUTPUT)));
        int inputs = product.orientation() == WeightSource.Orientation.OUTPUTS_FIRST ? 1 : 0;
        int width = Math.toIntExact(product.storedShape().get(inputs));
        if (architecture.attention().latent().isPresent()) {
            int count = architecture.extents().heads();
            return new HeadShape(count, width / count);
        }
        int size = headSize(architecture.mixer().apply(block), architecture);
        return new HeadShape(width / size, size);
    }

    private static int headSize(Mixer mixer, Architecture architecture) {
        if (mixer instanceof BalancedMixer balanced) {
            return headSize(balanced.mixer(), architecture);
        }
        if (mixer instanceof ParallelMixers parallel) {
            return headSize(parallel.attention(), architecture);
        }
        if (mixer instanceof SharedTransformer shared) {
            return headSize(shared.attention(), architecture);
        }
        return mixer instanceof SizedAttention sized
                ? sized.headSize()
                : architecture.extents().headSize();
    }

    /** Whether every block has attention with keys and values of each token, or no mixer. */
    public static boolean remembersEachToken(Architecture architecture) {
        return IntStream.range(0, architecture.extents().blocks())
                .mapToObj(architecture.mixer())
                .allMatch(mixer -> mixer instanceof NoMixer || isAttention(mixer));
    }

    /** Why the residual stream is not the embedding plus what the branches of the blocks add; empty if it is. */
    public static Optional<String> whyNotASum(Architecture architecture) {
        if (architecture.streams().count() > 1) {
            return Optional.of("a token has several residual streams");
        }
        if (architecture.residual().form() == Residual.Form.SEQUENTIAL_ON_NORMED) {
            return Optional.of("a branch is added to its own normed input");
        }
        Balance feedForward = architecture.residual().feedForward();
        for (int block = 0; block < architecture.extents().blocks(); block++) {
            Set<String> slots = architecture.weights().block().apply(block).keySet();
            boolean rescaled = architecture.mixer().apply(block) instanceof BalancedMixer balanced
                    && balanced.balance().stream() != 1;
            if (rescaled || feedForward.stream() != 1 || slots.contains(Slot.LAYER_SCALE)) {
                return Optional.of("the stream has a factor in each block");
            }
            if (slots.contains(Slot.weight(Slot.ATTENTION_RESIDUAL_NORM))
                    || slots.contains(Slot.weight(Slot.FEED_FORWARD_RESIDUAL_NORM))) {
                return Optional.of("the stream itself passes a norm in each block");
            }
            if (slots.contains(Slot.weight(Slot.LAYER_GATE))) {
                return Optional.of("each block also adds a vector of the token");
            }
        }
        return Optional.empty();
    }

    private static Set<Site> of(Architecture architecture, int block) {
        Mixer mixer = architecture.mixer().apply(block);
        Set<String> slots = architecture.weights().block().apply(block).keySet();
        boolean mixes = !(mixer instanceof NoMixer);
        // Stacked experts have one tensor for several slots, so the router stands for all of them.
        boolean feedsForward = slots.contains(Slot.weight(Slot.DOWN)) || slots.contains(Slot.weight(Slot.ROUTER));
        var sites = EnumSet.of(Site.BLOCK_OUTPUT);
        if (block == 0) {
            sites.add(Site.EMBEDDING);
        }
        if (architecture.streams().count() > 1) {
            // A branch writes another vector into each stream, and nothing between is one stream.
            return Collections.unmodifiableSet(sites);
        }
        if (mixes) {
            sites.add(Site.ATTENTION_OUTPUT);
        }
        if (hasHeads(mixer)) {
            sites.add(Site.ATTENTION_HEADS);
        }
        if (feedsForward) {
            sites.add(Site.FEED_FORWARD_OUTPUT);
        }
        if (mixes && feedsForward && architecture.residual().form() != Residual.Form.PARALLEL) {
            sites.add(Site.ATTENTION_RESIDUAL);
        }
        return Collections.unmodifiableSet(sites);
    }

    private static boolean hasHeads(Mixer mixer) {
        return isAttention(mixer) || mixer instanceof ParallelMixers || mixer instanceof SharedTransformer;
    }

    private static boolean isAttention(Mixer mixer) {
        return mixer instanceof Attention
                || mixer instanceof SizedAttention
                || (mixer instanceof BalancedMixer balanced && isAttention(balanced.mixer()));
    }
}
