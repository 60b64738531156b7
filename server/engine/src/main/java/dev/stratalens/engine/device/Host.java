package dev.stratalens.engine.device;

import dev.stratalens.engine.device.DeviceChoice.Auto;
import dev.stratalens.engine.device.DeviceChoice.Cards;
import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.tensor.Device;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The cards of a machine, beside its processor. */
public interface Host {

    /** A machine on which only the processor computes. */
    Host PROCESSOR_ONLY = new Host() {
        @Override
        public List<HostDevice> cards() {
            return List.of();
        }

        @Override
        public String whyNoCards() {
            return "Cards are not looked for here. Use device: cpu.";
        }
    };

    /** Cards that can compute, with the memory that is free now. */
    List<HostDevice> cards();

    /** If no card can compute: why, and what to do. */
    String whyNoCards();

    /** What keeps a card that is here from computing, and what to do. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** The libtorch that computes on the cards; empty for the one that comes with the program. */
    default Optional<TorchLibrary> library() {
        return Optional.empty();
    }

    /**
     * Refuses a library that would end the process when it is loaded.
     *
     * @throws DeviceUnavailableException with the reason and the remedy
     */
    default void requireLoadable() {}

    /**
     * The cards of a choice, in the order of the blocks; none for the processor alone.
     *
     * @throws DeviceUnavailableException if a card of the choice is not there
     */
    default List<HostDevice> chosen(DeviceChoice choice) {
        if (choice instanceof Auto) {
            return cards();
        }
        if (!(choice instanceof Cards wanted)) {
            return List.of();
        }
        List<HostDevice> cards = cards();
        if (cards.isEmpty()) {
            throw new DeviceUnavailableException("device: %s cannot be used here. %s".formatted(choice, whyNoCards()));
        }
        return wanted.numbers().isEmpty()
                ? cards
                : wanted.numbers().stream()
                        .map(number -> card(cards, number, choice))
                        .toList();
    }

    private static HostDevice card(List<HostDevice> cards, int number, DeviceChoice choice) {
        return cards.stream()
                .filter(card -> card.device().equals(Device.cuda(number)))
                .findFirst()
                .orElseThrow(() -> new DeviceUnavailableException(
                        "device: %s names card %d, but this machine has %s. Name one of these, or use device: auto."
                                .formatted(
                                        choice,
                                        number,
                                        cards.stream()
                                                .map(card -> card.device().name())
                                                .collect(Collectors.joining(", ")))));
    }
}
