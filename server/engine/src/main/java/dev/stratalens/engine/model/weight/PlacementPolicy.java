package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.model.weight.Placement.Stage;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Distributes a model over cards. It uses the fewest cards that have room, and of these the same share of the free memory
 * of each. Blocks stay in order; the embedding is on the first card, the head on each card with blocks that can afford it,
 * where it reads their rows. Quantized blocks are packed if they have no room otherwise. What has no room stays on the processor, the last blocks first, or is refused. A pure function
 * of sizes.
 */
public final class PlacementPolicy {

    /** What happens to blocks that have no room on the cards. */
    public enum Overflow {
        /** They stay on the processor. */
        PROCESSOR,
        /** The model is refused. */
        REFUSED
    }

    private final List<HostDevice> cards;
    private final Predicate<Device> readsHeads;
    private final long requestBytes;
    private final Overflow overflow;

    /**
     * A policy for some cards.
     *
     * @param cards in the order in which they get blocks
     * @param readsHeads whether lenses can read on a device; if on none of the cards, the head is on the processor
     * @param requestBytes what a request needs on each device that it touches
     */
    public PlacementPolicy(List<HostDevice> cards, Predicate<Device> readsHeads, long requestBytes, Overflow overflow) {
        this.cards = List.copyOf(cards);
        this.readsHeads = readsHeads;
        this.requestBytes = requestBytes;
        this.overflow = overflow;
    }

    /**
     * Places a model.
     *
     * @throws dev.stratalens.engine.error.ModelTooLargeException if it has no room
     */
    public PlacedParts place(ModelSizes sizes) {
        if (cards.isEmpty()) {
            return result(sizes, List.of(new Stage(Device.CPU, 0, sizes.blocks().size())), Device.CPU);
        }
        Optional<PlacedParts> onCards = onCards(sizes).or(() -> packed(sizes));
        if (onCards.isPresent()) {
            return onCards.get();
        }
        if (overflow == Overflow.PROCESSOR) {
            return leastOnProcessor(sizes);
        }
        boolean headOnCards = cards.stream().map(HostDevice::device).anyMatch(readsHeads);
        throw new Shortage(
                        cards,
                        requestBytes,
                        headOnCards ? OptionalLong.of(sizes.headBesideEmbedding()) : OptionalLong.empty())
                .of(sizes, mostBlocks(sizes));
    }

    /** On the fewest cards that have room. */
    private Optional<PlacedParts> onCards(ModelSizes sizes) {
        return IntStream.rangeClosed(1, cards.size())
                .mapToObj(count -> even(sizes, roomiest(count)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** A packed block is decoded in each pass, so blocks are packed only if they have no room otherwise. */
    private Optional<PlacedParts> packed(ModelSizes sizes) {
        return sizes.packed()
                .flatMap(packed -> new PlacementPolicy(cards, readsHeads, requestBytes + packed.unpacked(), overflow)
                        .onCards(sizes.inPackedForm(packed))
                        .map(parts -> parts.packed(packed.unpacked())));
    }

    /** The cards with the most free memory, in their order. */
    private List<HostDevice> roomiest(int count) {
        List<HostDevice> chosen = cards.stream()
                .sorted(Comparator.comparingLong(HostDevice::freeBytes).reversed())
                .limit(count)
                .toList();
        return cards.stream().filter(chosen::contains).toList();
    }

    /** All blocks on these cards, with the smallest share of free memory that suffices. */
    private Optional<PlacedParts> even(ModelSizes sizes, List<HostDevice> chosen) {
        int blocks = sizes.blocks().size();
        return trials(sizes, chosen, headsOnCards(chosen))
                .filter(trial -> trial.blocks(1) == blocks)
                // The first of equals: the head with the last blocks.
                .min(Comparator.comparingDouble(Trial::smallestShare))
                .map(trial -> result(sizes, trial.stages(trial.smallestShare()), trial.head()));
    }

    /** As few bytes on the processor as possible. */
    private PlacedParts leastOnProcessor(ModelSizes sizes) {
        return trials(
                        sizes,
                        cards,
                        Stream.concat(headsOnCards(cards).stream(), Stream.of(Device.CPU))
                                .distinct()
                                .toList())
                .filter(trial -> trial.blocks(1) > 0)
                .min(Comparator.comparingLong(Trial::bytesOnProcessor))
                .filter(trial -> trial.bytesOnProcessor() < sizes.total())
                .map(trial -> result(sizes, trial.stagesWithRest(), trial.head()))
                .orElseGet(() -> result(
                        sizes, List.of(new Stage(Device.CPU, 0, sizes.blocks().size())), Device.CPU));
    }

    /** The most blocks that have room on all cards. */
    private int mostBlocks(ModelSizes sizes) {
        return trials(sizes, cards, headsOnCards(cards))
                .mapToInt(trial -> trial.blocks(1))
                .max()
                .orElse(0);
    }

    /** Every first card with every device of the head. */
    private Stream<Trial> trials(ModelSizes sizes, List<HostDevice> chosen, List<Device> heads) {
        return chosen.stream()
                .flatMap(first -> heads.stream().map(head -> new Trial(sizes, order(chosen, first), head)));
    }

    /** Where the head can be read, the last card first; on the processor if on no card. */
    private List<Device> headsOnCards(List<HostDevice> chosen) {
        var heads = new ArrayList<Device>();
        chosen.stream().map(HostDevice::device).filter(readsHeads).forEach(device -> heads.add(0, device));
        return heads.isEmpty() ? List.of(Device.CPU) : List.copyOf(heads);
    }

    private static List<HostDevice> order(List<HostDevice> chosen, HostDevice first) {
        return Stream.concat(Stream.of(first), chosen.stream().filter(card -> !card.equals(first)))
                .toList();
    }

    private PlacedParts result(ModelSizes sizes, List<Stage> stages, Device head) {
        Device embedding = stages.get(0).device();
        var bytes = new LinkedHashMap<Device, Long>();
        bytes.merge(embedding, sizes.embedding(), Long::sum);
        stages.forEach(stage -> sizes.blocks()
                .subList(stage.firstBlock(), stage.endBlock())
                .forEach(block -> bytes.merge(stage.device(), block, Long::sum)));
        bytes.merge(head, headBytes(sizes, head, embedding), Long::sum);
        var heads = new ArrayList<>(List.of(head));
        for (HostDevice card : cards) {
            Device device = card.device();
            long used = bytes.getOrDefault(device, 0L);
            if (used > 0
                    && !heads.contains(device)
                    && readsHeads.test(device)
                    && headBytes(sizes, device, embedding) <= card.freeBytes() - requestBytes - used) {
                heads.add(device);
                bytes.merge(device, headBytes(sizes, device, embedding), Long::sum);
            }
        }
        // Other cards can read their rows while the last one computes only if the output is read there.
        Device last = stages.get(stages.size() - 1).device();
        if (heads.remove(last)) {
            heads.add(0, last);
        }
        return new PlacedParts(new Placement(stages, heads), Map.copyOf(bytes));
    }

    private static long headBytes(ModelSizes sizes, Device head, Device embedding) {
        return head.equals(embedding) ? sizes.headBesideEmbedding() : sizes.head();
    }

    /** One order of cards and one device for the head. Blocks fill the cards one after another. */
    private final class Trial {

        private final ModelSizes sizes;
        private final List<HostDevice> order;
        private final Device head;

        Trial(ModelSizes sizes, List<HostDevice> order, Device head) {
            this.sizes = sizes;
            this.order = order;
            this.head = head;
        }

        Device head() {
            return head;
        }

        /** Number of blocks that have room; 0 if embedding or head have none. */
        int blocks(double share) {
            return stages(share).stream().mapToInt(Stage::blockCount).sum();
        }

        /** The smallest share of free memory with room for all blocks. */
        double smallestShare() {
            double enough = 1;
            double tooSmall = 0;
            for (int step = 0; step < 30; step++) {
                double middle = (enough + tooSmall) / 2;
                if (blocks(middle) == sizes.blocks().size()) {
                    enough = middle;
                } else {
                    tooSmall = middle;
                }
            }
            return enough;
        }

        List<Stage> stages(double share) {
            var stages = new ArrayList<Stage>();
            int next = 0;
            for (HostDevice card : order) {
                boolean first = card.equals(order.get(0));
                long room = (long) (share * (card.freeBytes() - requestBytes));
                if (first) {
                    room -= sizes.embedding();
                }
                if (card.device().equals(head)) {
                    room -= first ? sizes.headBesideEmbedding() : sizes.head();
                    if (room < 0) {
                        return List.of();
                    }
                }
                int begin = next;
                while (next < sizes.blocks().size() && sizes.blocks().get(next) <= room) {
                    room -= sizes.blocks().get(next++);
                }
                if (next > begin) {
                    stages.add(new Stage(card.device(), begin, next - begin));
                } else if (first) {
                    return List.of();
                }
            }
            return List.copyOf(stages);
        }

        List<Stage> stagesWithRest() {
            var stages = new ArrayList<>(stages(1));
            int placed = stages.get(stages.size() - 1).endBlock();
            if (placed < sizes.blocks().size()) {
                stages.add(new Stage(Device.CPU, placed, sizes.blocks().size() - placed));
            }
            return stages;
        }

        long bytesOnProcessor() {
            int placed = blocks(1);
            long rest = sizes.blocks().subList(placed, sizes.blocks().size()).stream()
                    .mapToLong(Long::longValue)
                    .sum();
            return rest + (head.equals(Device.CPU) ? sizes.head() : 0);
        }
    }
}
