package dev.stratalens.client.model;

import java.util.Objects;

/**
 * Memory on one device.
 *
 * @param device the device: {@code "cpu"}, {@code "cuda:0"}
 * @param bytes bytes
 */
public record DeviceMemory(String device, long bytes) {

    /** Checks that there is a device. */
    public DeviceMemory {
        Objects.requireNonNull(device, "device");
    }
}
