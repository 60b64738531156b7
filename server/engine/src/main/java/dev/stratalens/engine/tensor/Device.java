package dev.stratalens.engine.tensor;

import java.util.Set;

/**
 * A device for tensors and programs. Tensors of one device are refused on another. The processor may appear under
 * several numbers, as a stand-in for several devices; these share its memory and cores.
 *
 * @param type {@code cpu}, {@code cuda}, {@code mps} of Apple, or {@code meta} for shapes without values
 * @param index number within its type, 0 or more; {@link #UNNUMBERED} for the only one
 */
public record Device(String type, int index) {

    /** Before the constants, which are checked by it. */
    private static final Set<String> TYPES = Set.of("cpu", "cuda", "mps", "meta");

    /** Index of a device that is the only one of its type. */
    public static final int UNNUMBERED = -1;

    /** The processor. */
    public static final Device CPU = new Device("cpu", UNNUMBERED);

    /** Computes shapes but no values, and refuses tensors of other devices. */
    public static final Device META = new Device("meta", UNNUMBERED);

    /** Refuses unknown types. */
    public Device {
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException(
                    "There is no device type '%s'. Use cpu, cuda, mps or meta.".formatted(type));
        }
        if (index < UNNUMBERED) {
            throw new IllegalArgumentException("A device index must be 0 or more, not %d.".formatted(index));
        }
    }

    /** The processor under a number, 0 or more. */
    public static Device cpu(int index) {
        return new Device("cpu", index);
    }

    /** A card of NVIDIA by its number, 0 or more. */
    public static Device cuda(int index) {
        return new Device("cuda", index);
    }

    /** {@code cpu}, {@code cpu:1}, {@code cuda:0}. */
    public String name() {
        return index == UNNUMBERED ? type : type + ":" + index;
    }

    /** Name in PyTorch, where the processor has no numbers. */
    String libraryName() {
        return isHost() ? type : name();
    }

    /** Whether its memory is this machine's, which the heap can read. */
    public boolean isHost() {
        return type.equals("cpu");
    }

    /** Whether it is a card of NVIDIA. */
    public boolean isCard() {
        return type.equals("cuda");
    }

    /** Throws if something is on another device. */
    void require(Device other, String what) {
        if (!equals(other)) {
            throw new IllegalStateException(
                    "%s is on %s, but is used on %s. Copy it there first.".formatted(what, other.name(), name()));
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
