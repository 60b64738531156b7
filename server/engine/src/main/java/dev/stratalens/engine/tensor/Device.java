package dev.stratalens.engine.tensor;

/**
 * A device for tensors and programs. Tensors of one device are refused on another. The processor may appear under
 * several numbers, as a stand-in for several devices; these share its memory and cores.
 *
 * @param type {@code cpu}, or {@code meta} for shapes without values
 * @param index number within its type, 0 or more; {@link #UNNUMBERED} for the only one
 */
public record Device(String type, int index) {

    /** Index of a device that is the only one of its type. */
    public static final int UNNUMBERED = -1;

    /** The processor. */
    public static final Device CPU = new Device("cpu", UNNUMBERED);

    /** Computes shapes but no values, and refuses tensors of other devices. */
    public static final Device META = new Device("meta", UNNUMBERED);

    /** Refuses unknown types. */
    public Device {
        if (!type.equals("cpu") && !type.equals("meta")) {
            throw new IllegalArgumentException("There is no device type '%s'. Use cpu or meta.".formatted(type));
        }
        if (index < UNNUMBERED) {
            throw new IllegalArgumentException("A device index must be 0 or more, not %d.".formatted(index));
        }
    }

    /** The processor under a number, 0 or more. */
    public static Device cpu(int index) {
        return new Device("cpu", index);
    }

    /** {@code cpu}, {@code cpu:1}. */
    public String name() {
        return index == UNNUMBERED ? type : type + ":" + index;
    }

    /** Name in PyTorch, where the processor has no numbers. */
    String libraryName() {
        return type;
    }

    /** Whether its memory can be accessed from the heap. */
    boolean isHost() {
        return type.equals("cpu");
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
