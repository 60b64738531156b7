package dev.stratalens.engine.device;

import dev.stratalens.engine.tensor.Device;

/**
 * A device of this machine with memory of its own.
 *
 * @param device its name
 * @param description for people, such as the name of its product
 * @param totalBytes its memory
 * @param freeBytes what is free of it, when it was measured
 */
public record HostDevice(Device device, String description, long totalBytes, long freeBytes) {

    /** The same with more free memory, as far as it has it. */
    public HostDevice withMoreFree(long bytes) {
        return new HostDevice(device, description, totalBytes, Math.min(totalBytes, freeBytes + bytes));
    }

    /** {@code cuda:0}. */
    public String name() {
        return device.name();
    }
}
