package dev.stratalens.engine.device;

import dev.stratalens.engine.error.DeviceUnavailableException;
import java.util.Optional;

/** A machine that may have cards beside its processor. */
@FunctionalInterface
public interface Host {

    /** A machine on which only the processor computes. */
    Host PROCESSOR_ONLY = () -> FoundCards.none("Cards are not looked for here. Use device: cpu.");

    /** Looks for cards that can compute. May run a program of the driver, which takes up to a second. */
    FoundCards look();

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
}
