package dev.stratalens.engine.tensor;

/**
 * Where tensors lie and programs run. Tensors of one device are refused on another. The processor may appear under several
 * numbers: such devices share its memory and cores, and stand in for devices that do not.
 *
 * @param type {@code cpu}, or {@code meta}: shapes only, nothing is computed
 * @param index which of its type, 0 or more; {@link #UNNUMBERED} for the only one
 */
public record Device(String type, int index) {

    /** Index of a device that is the only one of its type. */
    public static final int UNNUMBERED = -1;

    /** The processor. */
    public static final Device CPU = new Device("cpu", UNNUMBERED);

    /** Computes shapes and no values, and refuses tensors that lie anywhere else. */
    public static final Device META = new Device("meta", UNNUMBERED);

    /** Refuses types that nothing computes on. */
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

    /** What PyTorch calls it: there, the processor has no numbers. */
    String libraryName() {
        return type;
    }

    /** Whether the heap reaches its memory. */
    boolean isHost() {
        return type.equals("cpu");
    }

    /** Throws if something lies elsewhere. */
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
