package dev.stratalens.server.models;

import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.engine.device.DeviceChoice.Auto;
import dev.stratalens.engine.device.DeviceChoice.Processor;
import dev.stratalens.engine.device.FoundCards;
import dev.stratalens.engine.device.Host;
import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.device.TorchLibrary;
import dev.stratalens.engine.error.ModelTooLargeException;
import dev.stratalens.engine.model.weight.ModelSizes;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.PlacementPolicy;
import dev.stratalens.engine.model.weight.PlacementPolicy.Overflow;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchRuntime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices on which each model computes. Thread-safe. */
public final class ModelDevices {

    /** Every model on the processor. */
    public static final ModelDevices PROCESSOR = new ModelDevices(Host.PROCESSOR_ONLY, Map.of(), 0);

    private static final Logger LOG = LoggerFactory.getLogger(ModelDevices.class);

    private final Host host;
    private final Map<String, DeviceChoice> choices;
    private final long requestBytes;
    private volatile List<HostDevice> cards = List.of();

    private ModelDevices(Host host, Map<String, DeviceChoice> choices, long requestBytes) {
        this.host = host;
        this.choices = Map.copyOf(choices);
        this.requestBytes = requestBytes;
    }

    /**
     * Looks for the devices, and says what {@code auto} means here. If a model may compute on a card, the library for cards
     * is loaded later on; so this must come before any model.
     *
     * @param choices by model; others compute on the processor
     * @param requestBytes what a request may need on each device
     * @throws dev.stratalens.engine.error.DeviceUnavailableException if a chosen device is not there
     */
    public static ModelDevices of(Host host, Map<String, DeviceChoice> choices, long requestBytes) {
        host.requireLoadable();
        ModelDevices devices = new ModelDevices(host, choices, requestBytes);
        if (choices.values().stream().allMatch(Processor.class::isInstance)) {
            return devices;
        }
        FoundCards found = host.look();
        new HashSet<>(choices.values()).forEach(choice -> devices.take(choice, found));
        if (!devices.cards.isEmpty()) {
            host.library()
                    .ifPresent(library ->
                            TorchRuntime.useLibrary(library.folder(), TorchLibrary.VERSION, TorchLibrary.CUDA_FLAVOR));
        }
        return devices;
    }

    private void take(DeviceChoice choice, FoundCards found) {
        List<HostDevice> chosen = found.chosen(choice);
        if (!chosen.isEmpty()) {
            cards = found.all();
        }
        if (choice instanceof Auto) {
            LOG.info("device: auto means {} here", chosen.isEmpty() ? Device.CPU : names(chosen));
            found.obstacle().ifPresent(LOG::warn);
        }
    }

    private static String names(List<HostDevice> devices) {
        return devices.stream()
                .map(card -> "%s (%s)".formatted(card.device().name(), card.description()))
                .collect(Collectors.joining(", "));
    }

    /** Cards on which models may compute, with their free memory when a model was last loaded; none if no model may. */
    public List<HostDevice> cards() {
        return cards;
    }

    /**
     * Chooses the devices of a model's parts by the memory that is free then.
     *
     * @param room frees memory on cards for a model that has none
     * @throws dev.stratalens.engine.error.DeviceUnavailableException if a chosen device is not there any more
     */
    Placer placer(String model, ModelLoadListener room) {
        DeviceChoice choice = choices.getOrDefault(model, new Processor());
        if (choice instanceof Processor) {
            return Placer.PROCESSOR;
        }
        FoundCards found = host.look();
        return found.chosen(choice).isEmpty() ? Placer.PROCESSOR : new OnCards(choice, found, room);
    }

    /** As the other method of this name, of a model beside which no other could be unloaded. */
    public Placer placer(String model) {
        return placer(model, (done, total) -> {});
    }

    private final class OnCards implements Placer {

        private final DeviceChoice choice;
        private final ModelLoadListener room;
        private FoundCards found;

        OnCards(DeviceChoice choice, FoundCards found, ModelLoadListener room) {
            this.choice = choice;
            this.found = found;
            this.room = room;
        }

        @Override
        public Device fastest() {
            return found.chosen(choice).get(0).device();
        }

        @Override
        public Placement place(ModelSizes sizes) {
            while (true) {
                cards = found.all();
                if (homeless(sizes, Map.of()) == 0 || !room.makeRoomOnCards(freed -> homeless(sizes, freed))) {
                    return placed(sizes, Map.of());
                }
                found = host.look();
            }
        }

        /** Blocks that have no room on cards if each has so many more bytes free; all of them if the model is refused. */
        private int homeless(ModelSizes sizes, Map<Device, Long> freed) {
            try {
                return placed(sizes, freed).stages().stream()
                        .filter(stage -> stage.device().isHost())
                        .mapToInt(Placement.Stage::blockCount)
                        .sum();
            } catch (ModelTooLargeException e) {
                return sizes.blocks().size();
            }
        }

        private Placement placed(ModelSizes sizes, Map<Device, Long> freed) {
            List<HostDevice> chosen = found.chosen(choice).stream()
                    .map(card -> card.withMoreFree(freed.getOrDefault(card.device(), 0L)))
                    .toList();
            Overflow overflow = choice instanceof Auto ? Overflow.PROCESSOR : Overflow.REFUSED;
            return new PlacementPolicy(chosen, device -> true, requestBytes, overflow)
                    .place(sizes)
                    .placement();
        }
    }
}
