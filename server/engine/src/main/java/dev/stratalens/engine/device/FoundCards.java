package dev.stratalens.engine.device;

import dev.stratalens.engine.device.DeviceChoice.Auto;
import dev.stratalens.engine.device.DeviceChoice.Cards;
import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.tensor.Device;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The cards of a machine at one moment.
 *
 * @param all those that can compute, with the memory that is free
 * @param obstacle what keeps a card that is here from computing, and what to do
 * @param whyNone if no card can compute: why, and what to do
 */
public record FoundCards(List<HostDevice> all, Optional<String> obstacle, String whyNone) {

    /** Copies the list. */
    public FoundCards {
        all = List.copyOf(all);
    }

    /** A machine without cards. */
    public static FoundCards none(String why) {
        return new FoundCards(List.of(), Optional.empty(), why);
    }

    /**
     * The cards of a choice, in the order of the blocks; none for the processor alone.
     *
     * @throws DeviceUnavailableException if a card of the choice is not there
     */
    public List<HostDevice> chosen(DeviceChoice choice) {
        if (choice instanceof Auto) {
            return all;
        }
        if (!(choice instanceof Cards wanted)) {
            return List.of();
        }
        if (all.isEmpty()) {
            throw new DeviceUnavailableException("device: %s cannot be used here. %s".formatted(choice, whyNone));
        }
        return wanted.numbers().isEmpty()
                ? all
                : wanted.numbers().stream().map(number -> card(number, choice)).toList();
    }

    private HostDevice card(int number, DeviceChoice choice) {
        return all.stream()
                .filter(card -> card.device().equals(Device.cuda(number)))
                .findFirst()
                .orElseThrow(() -> new DeviceUnavailableException(
                        "device: %s names card %d, but this machine has %s. Name one of these, or use device: auto."
                                .formatted(
                                        choice,
                                        number,
                                        all.stream()
                                                .map(card -> card.device().name())
                                                .collect(Collectors.joining(", ")))));
    }
}
