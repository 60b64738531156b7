package dev.stratalens.engine.model.weight;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.error.ModelTooLargeException;
import dev.stratalens.engine.model.weight.Placement.Stage;
import dev.stratalens.engine.model.weight.PlacementPolicy.Overflow;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementPolicyTest {

    private static final long GIB = 1L << 30;
    private static final Predicate<Device> EVERYWHERE = Predicate.not(Device.META::equals);
    private static final Predicate<Device> PROCESSOR = Device::isHost;
    /** 32 blocks of 100, 500 for the embedding, as much for the head. */
    private static final ModelSizes MODEL = model(500, 500, Collections.nCopies(32, 100L));

    @Test
    void withoutCardsEverythingIsOnTheProcessorHoweverLarge() {
        PlacedParts placed = policy(List.of(), EVERYWHERE, Overflow.PROCESSOR).place(MODEL);

        assertEquals(Placement.on(Device.CPU, 32), placed.placement());
        assertEquals(List.of(Device.CPU), placed.placement().heads());
        assertEquals(Map.of(Device.CPU, MODEL.total()), placed.weightBytes());
    }

    @Test
    void oneCardThatHasRoomIsEnough() {
        PlacedParts placed =
                policy(cards(5000, 5000, 5000), EVERYWHERE, Overflow.REFUSED).place(MODEL);

        assertEquals(Placement.on(Device.cuda(0), 32), placed.placement());
    }

    @Test
    void theCardWithTheMostFreeMemoryIsTaken() {
        PlacedParts placed =
                policy(cards(5000, 9000, 5000), EVERYWHERE, Overflow.REFUSED).place(MODEL);

        assertEquals(Placement.on(Device.cuda(1), 32), placed.placement());
    }

    @Test
    void equalCardsShareEvenly() {
        PlacedParts placed =
                policy(cards(2500, 2500), EVERYWHERE, Overflow.REFUSED).place(MODEL);

        assertEquals(
                List.of(new Stage(Device.cuda(0), 0, 16), new Stage(Device.cuda(1), 16, 16)),
                placed.placement().stages());
        assertEquals(Device.cuda(1), placed.placement().head(), "with the last blocks");
    }

    @Test
    void unequalCardsShareByWhatIsFree() {
        PlacedParts placed =
                policy(cards(1200, 3600), EVERYWHERE, Overflow.REFUSED).place(MODEL);
        Map<Device, Long> bytes = placed.weightBytes();

        double first = bytes.getOrDefault(Device.cuda(0), 0L) / 1200.0;
        double second = bytes.getOrDefault(Device.cuda(1), 0L) / 3600.0;
        assertEquals(first, second, 0.09, bytes.toString());
    }

    @Test
    void aCardInUseGetsNothingWhereItHasNoRoom() {
        PlacedParts placed =
                policy(cards(2500, 90, 2500), EVERYWHERE, Overflow.REFUSED).place(MODEL);

        assertEquals(List.of(Device.cuda(0), Device.cuda(2)), placed.placement().devices());
    }

    @Test
    void theEmbeddingIsWithTheFirstBlocks() {
        PlacedParts placed =
                policy(cards(450, 2050, 2050), EVERYWHERE, Overflow.REFUSED).place(MODEL);

        assertEquals(Device.cuda(1), placed.placement().embedding(), "the first card has no room for it");
        assertEquals(3, placed.placement().devices().size());
    }

    /** No card has room for the head beside its blocks, but a card more does. */
    @Test
    void aHeadLargerThanACardsRestGoesElsewhere() {
        ModelSizes large = model(100, 1500, Collections.nCopies(20, 100L));

        PlacedParts placed =
                policy(cards(1600, 1600, 1600), EVERYWHERE, Overflow.REFUSED).place(large);

        assertEquals(
                1,
                IntStream.range(0, 3)
                        .filter(card ->
                                Device.cuda(card).equals(placed.placement().head()))
                        .count());
        assertTrue(placed.weightBytes().values().stream().allMatch(bytes -> bytes <= 1600), placed.toString());
    }

    @Test
    void aHeadThatIsTheEmbeddingCostsNothingBesideIt() {
        ModelSizes tied = new ModelSizes(500, Collections.nCopies(10, 100L), 510, 10, DataType.BFLOAT16);

        PlacedParts placed = policy(cards(1510), EVERYWHERE, Overflow.REFUSED).place(tied);

        assertEquals(Map.of(Device.cuda(0), 1510L), placed.weightBytes());
    }

    @Test
    void quantizedBlocksArePackedOnlyWhereTheyHaveNoRoomOtherwise() {
        ModelSizes quantized = new ModelSizes(
                100,
                Collections.nCopies(10, 100L),
                100,
                100,
                DataType.BFLOAT16,
                Optional.of(new ModelSizes.Packed(Collections.nCopies(10, 30L), 90)));

        PlacedParts roomy = policy(cards(1300), EVERYWHERE, Overflow.REFUSED).place(quantized);
        PlacedParts onTwo =
                policy(cards(700, 700), EVERYWHERE, Overflow.REFUSED).place(quantized);
        PlacedParts narrow = policy(cards(600), EVERYWHERE, Overflow.PROCESSOR).place(quantized);

        assertEquals(Set.of(WeightForm.DECODED), forms(roomy));
        assertEquals(Set.of(WeightForm.DECODED), forms(onTwo), "two cards have room for it");
        assertEquals(Set.of(WeightForm.PACKED), forms(narrow));
        assertEquals(Map.of(Device.cuda(0), 100L + 10 * 30 + 100 + 90), narrow.weightBytes());
        assertEquals(
                "blocks 0 to 9 packed on cuda:0, head on cuda:0",
                narrow.placement().inWords());
        assertEquals(
                Set.of(WeightForm.DECODED),
                forms(policy(cards(580), EVERYWHERE, Overflow.PROCESSOR).place(quantized)),
                "no room for a block that is used");
    }

    private static Set<WeightForm> forms(PlacedParts placed) {
        return placed.placement().stages().stream().map(Placement.Stage::form).collect(toSet());
    }

    @Test
    void theHeadIsReplicatedWhereItIsAffordable() {
        assertEquals(
                List.of(Device.cuda(1), Device.cuda(0)),
                policy(cards(2700, 2700), EVERYWHERE, Overflow.REFUSED)
                        .place(MODEL)
                        .placement()
                        .heads());
        assertEquals(
                List.of(Device.cuda(1)),
                policy(cards(2500, 2500), EVERYWHERE, Overflow.REFUSED)
                        .place(MODEL)
                        .placement()
                        .heads());
    }

    @Test
    void whereNoCardReadsTheProcessorDoes() {
        PlacedParts placed =
                policy(cards(2000, 2000), PROCESSOR, Overflow.REFUSED).place(MODEL);

        assertEquals(Device.CPU, placed.placement().head());
        assertEquals(List.of(Device.CPU), placed.placement().heads());
        assertEquals(0, placed.placement().blocksLeftBehind());
    }

    @Test
    void theLastBlocksStayOnTheProcessor() {
        PlacedParts placed =
                policy(cards(1000, 1700), EVERYWHERE, Overflow.PROCESSOR).place(MODEL);

        Placement placement = placed.placement();
        assertEquals(15, placement.blocksLeftBehind(), placement::inWords);
        assertEquals(
                new Stage(Device.CPU, 17, 15),
                placement.stages().get(placement.stages().size() - 1));
    }

    @Test
    void cardsWithoutRoomForAnyBlockAreNotUsed() {
        PlacedParts placed =
                policy(cards(50, 50), EVERYWHERE, Overflow.PROCESSOR).place(MODEL);

        assertEquals(Placement.on(Device.CPU, 32), placed.placement());
    }

    @Test
    void aRequestNeedsItsRoomOnEachCard() {
        assertEquals(1, devices(0));
        assertEquals(2, devices(1));
        assertThrows(ModelTooLargeException.class, () -> devices(2200));
    }

    private static int devices(long requestBytes) {
        return new PlacementPolicy(cards(4200, 4200), EVERYWHERE, requestBytes, Overflow.REFUSED)
                .place(MODEL)
                .placement()
                .devices()
                .size();
    }

    @Test
    void aRefusalHasTheNumbersAndWhatHelps() {
        ModelSizes large = new ModelSizes(GIB, Collections.nCopies(32, GIB / 2), GIB, GIB, DataType.FLOAT32);
        var cards = List.of(card(0, 24 * GIB, 10 * GIB), card(1, 24 * GIB, 3 * GIB));

        var refusal = assertThrows(
                ModelTooLargeException.class,
                () -> new PlacementPolicy(cards, PROCESSOR, 2 * GIB, Overflow.REFUSED).place(large));

        assertEquals(
                "The model needs 19.0 GiB on its cards: 1.0 GiB for the embedding, up to 512.0 MiB for each of 32 blocks,"
                        + " nothing for the head, which stays on the processor, and 2.0 GiB for a request on each card. Free: cuda:0 10.0 GiB of 24.0 GiB,"
                        + " cuda:1 3.0 GiB of 24.0 GiB. So 16 of 32 blocks have room. What helps: fewer models or programs on"
                        + " these cards, dtype: bfloat16, which takes half, a checkpoint with quantized weights, which can stay"
                        + " packed, more cards, device: auto, which leaves on the"
                        + " processor what has no room.",
                refusal.getMessage());
        assertEquals(19 * GIB, refusal.neededBytes());
        assertEquals(13 * GIB, refusal.freeBytes());
    }

    @Test
    void aRefusalNamesOnlyWhatWouldHelp() {
        String message = assertThrows(
                        ModelTooLargeException.class,
                        () -> policy(cards(1000), EVERYWHERE, Overflow.REFUSED).place(MODEL))
                .getMessage();

        assertTrue(message.contains("for the head, and"), message);
        assertFalse(message.contains("bfloat16"), message);
        assertFalse(message.contains("fewer models"), message);
    }

    /** Every host of one to three cards with few blocks, against all ways to cut the blocks. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noSmallHostIsServedWorseThanPossible(boolean cardsRead) {
        Predicate<Device> readers = cardsRead ? EVERYWHERE : PROCESSOR;
        long[] free = {0, 2, 3, 5, 8};
        for (List<Long> blocks : List.of(List.of(2L, 2L, 2L), List.of(1L, 3L, 2L, 1L), List.of(2L, 2L, 2L, 2L, 2L))) {
            ModelSizes model = model(1, 2, blocks);
            for (int cards = 1; cards <= 3; cards++) {
                for (int host = 0; host < Math.pow(free.length, cards); host++) {
                    int code = host;
                    var room = LongStream.iterate(code, rest -> rest / free.length)
                            .limit(cards)
                            .map(rest -> free[(int) (rest % free.length)])
                            .toArray();
                    assertBestPossible(model, room, readers);
                }
            }
        }
    }

    private static void assertBestPossible(ModelSizes model, long[] free, Predicate<Device> readers) {
        List<HostDevice> cards = cards(free);
        String host = model.blocks() + " on " + cards;
        Reference reference = new Reference(model, free, readers.test(Device.cuda(0)));
        if (reference.fits()) {
            assertWithinRoom(policy(cards, readers, Overflow.REFUSED).place(model), model, cards);
        } else {
            assertThrows(
                    ModelTooLargeException.class,
                    () -> policy(cards, readers, Overflow.REFUSED).place(model),
                    host);
            PlacedParts placed = policy(cards, readers, Overflow.PROCESSOR).place(model);
            assertWithinRoom(placed, model, cards);
            assertEquals(reference.leastOnProcessor(), placed.weightBytes().getOrDefault(Device.CPU, 0L), host);
        }
    }

    /** All ways to cut the blocks, tried one by one. */
    private record Reference(ModelSizes model, long[] free, boolean cardsRead) {

        boolean fits() {
            return least(!cardsRead).equals(OptionalLong.of(cardsRead ? 0 : model.head()));
        }

        long leastOnProcessor() {
            return Math.min(least(true).orElse(Long.MAX_VALUE), model.total());
        }

        /** The fewest bytes on the processor, if any block is on a card. */
        private OptionalLong least(boolean headMayStay) {
            var least = LongStream.builder();
            for (int first = 0; first < free.length; first++) {
                for (int head = cardsRead ? 0 : free.length; head < free.length + (headMayStay ? 1 : 0); head++) {
                    long[] room = free.clone();
                    room[first] -= model.embedding();
                    if (head < free.length) {
                        room[head] -= head == first ? model.headBesideEmbedding() : model.head();
                    }
                    int headCard = head;
                    var order = new ArrayList<>(List.of(first));
                    int firstCard = first;
                    IntStream.range(0, free.length)
                            .filter(card -> card != firstCard)
                            .forEach(order::add);
                    if (headCard == free.length || room[headCard] >= 0) {
                        cut(order, 0, 0, room, headCard == free.length ? model.head() : 0, least);
                    }
                }
            }
            return least.build().min();
        }

        private void cut(List<Integer> order, int place, int next, long[] room, long stays, LongStream.Builder least) {
            if (place > 0) {
                least.add(stays
                        + model.blocks().subList(next, model.blocks().size()).stream()
                                .mapToLong(Long::longValue)
                                .sum());
            }
            if (place == order.size()) {
                return;
            }
            long left = room[order.get(place)];
            for (int end = next; end <= model.blocks().size(); end++) {
                if (end > next) {
                    left -= model.blocks().get(end - 1);
                }
                if (left < 0) {
                    return;
                }
                if (place > 0 || end > next) {
                    cut(order, place + 1, end, room, stays, least);
                }
            }
        }
    }

    @Test
    void whateverTheHostEveryPartHasRoom() {
        var random = new Random(5);
        int refused = 0;
        for (int host = 0; host < 400; host++) {
            int count = 1 + random.nextInt(16);
            List<HostDevice> cards = IntStream.range(0, count)
                    .mapToObj(i -> card(i, 4000, random.nextInt(4) == 0 ? random.nextInt(4000) : 3500))
                    .toList();
            int blocks = 1 + random.nextInt(100);
            ModelSizes model = model(
                    random.nextInt(1500),
                    random.nextInt(2500),
                    random.ints(blocks, 50, random.nextBoolean() ? 51 : 500)
                            .asLongStream()
                            .boxed()
                            .toList());
            Overflow overflow = random.nextBoolean() ? Overflow.PROCESSOR : Overflow.REFUSED;
            Predicate<Device> readers = random.nextBoolean() ? EVERYWHERE : PROCESSOR;
            try {
                assertWithinRoom(new PlacementPolicy(cards, readers, 300, overflow).place(model), model, cards, 300);
            } catch (ModelTooLargeException e) {
                assertEquals(Overflow.REFUSED, overflow);
                refused++;
            }
        }
        assertTrue(refused > 10 && refused < 200, "refused " + refused);
    }

    private static void assertWithinRoom(PlacedParts placed, ModelSizes model, List<HostDevice> cards) {
        assertWithinRoom(placed, model, cards, 0);
    }

    private static void assertWithinRoom(
            PlacedParts placed, ModelSizes model, List<HostDevice> cards, long requestBytes) {
        Placement placement = placed.placement();
        assertEquals(model.blocks().size(), placement.blockCount());
        List<Device> stages = placement.stages().stream().map(Stage::device).toList();
        assertEquals(stages.size(), new HashSet<>(stages).size(), "one hop a border");
        if (stages.contains(Device.CPU)) {
            assertEquals(Device.CPU, stages.get(stages.size() - 1), "the last blocks stay");
        }
        for (HostDevice card : cards) {
            long used = placed.weightBytes().getOrDefault(card.device(), 0L);
            assertTrue(used == 0 || used + requestBytes <= card.freeBytes(), () -> placed + " on " + card);
        }
        long heads = placement.heads().stream()
                .mapToLong(head -> head.equals(placement.embedding()) ? model.headBesideEmbedding() : model.head())
                .sum();
        assertEquals(
                model.total() - model.headBesideEmbedding() + heads,
                placed.weightBytes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    private static PlacementPolicy policy(List<HostDevice> cards, Predicate<Device> readers, Overflow overflow) {
        return new PlacementPolicy(cards, readers, 0, overflow);
    }

    private static ModelSizes model(long embedding, long head, List<Long> blocks) {
        return new ModelSizes(embedding, blocks, head, head, DataType.BFLOAT16);
    }

    private static List<HostDevice> cards(long... free) {
        return IntStream.range(0, free.length)
                .mapToObj(i -> card(i, free[i], free[i]))
                .toList();
    }

    private static HostDevice card(int number, long total, long free) {
        return new HostDevice(Device.cuda(number), "a card", total, free);
    }
}
