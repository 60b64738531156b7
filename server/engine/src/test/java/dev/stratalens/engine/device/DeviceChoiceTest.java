package dev.stratalens.engine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.tensor.Device;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {

    private static final FoundCards THREE_CARDS = cards(3);

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda", "cuda:0", "cuda:0,1,3", "cuda:2,0"})
    void aTextIsReadAndWrittenAlike(String text) {
        assertEquals(text, DeviceChoice.parse(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gpu",
                "CUDA",
                "cpu:0",
                "cuda:",
                "cuda:0,",
                "cuda:,0",
                "cuda:-1",
                "cuda:a",
                "cuda:0;1",
                "cuda: 0",
                "cuda:1,1",
                "cuda:0,1,0",
                "cuda:99999"
            })
    void otherTextsAndCardsThatAreNamedTwiceAreNotRead(String text) {
        assertEquals(Optional.empty(), DeviceChoice.parse(text));
    }

    @Test
    void cardsAreChosenInTheirOrder() {
        assertEquals(List.of(0, 1, 2), numbers("auto"));
        assertEquals(List.of(0, 1, 2), numbers("cuda"));
        assertEquals(List.of(2, 0), numbers("cuda:2,0"));
        assertEquals(List.of(), numbers("cpu"));
    }

    @Test
    void autoOnAMachineWithoutCardsIsTheProcessor() {
        assertEquals(List.of(), cards(0).chosen(choice("auto")));
    }

    @Test
    void cudaOnAMachineWithoutCardsIsRefusedWithTheReasonAndTheRemedy() {
        var refusal = assertThrows(DeviceUnavailableException.class, () -> cards(0).chosen(choice("cuda")));

        assertEquals("device: cuda cannot be used here. No card. Buy one.", refusal.getMessage());
    }

    @Test
    void aCardThatIsNotThereIsRefusedAndTheOthersAreNamed() {
        var refusal = assertThrows(DeviceUnavailableException.class, () -> THREE_CARDS.chosen(choice("cuda:0,3")));

        assertEquals(
                "device: cuda:0,3 names card 3, but this machine has cuda:0, cuda:1, cuda:2. Name one of these, or use device: auto.",
                refusal.getMessage());
    }

    @Test
    void aMachineThatIsNotLookedAtHasNoCards() {
        assertEquals(List.of(), Host.PROCESSOR_ONLY.look().chosen(choice("auto")));
        assertTrue(assertThrows(
                        DeviceUnavailableException.class,
                        () -> Host.PROCESSOR_ONLY.look().chosen(choice("cuda:0")))
                .getMessage()
                .contains("device: cpu"));
    }

    private static List<Integer> numbers(String text) {
        return THREE_CARDS.chosen(choice(text)).stream()
                .map(card -> card.device().index())
                .toList();
    }

    private static DeviceChoice choice(String text) {
        return DeviceChoice.parse(text).orElseThrow();
    }

    private static FoundCards cards(int count) {
        return new FoundCards(
                IntStream.range(0, count)
                        .mapToObj(i -> new HostDevice(Device.cuda(i), "a card", 10, 10))
                        .toList(),
                Optional.empty(),
                "No card. Buy one.");
    }
}
