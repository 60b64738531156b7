package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;

/** Memory on one device. */
@AutoValue
public abstract class DeviceMemory {

    DeviceMemory() {}

    /** So much memory on a device. */
    public static DeviceMemory of(String device, long bytes) {
        return new AutoValue_DeviceMemory(device, bytes);
    }

    /** The device: {@code "cpu"}, {@code "cuda:0"}. */
    public abstract String device();

    /** Bytes. */
    public abstract long bytes();
}
