package dev.stratalens.cli.connect;

import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.client.model.ServerDevice;

/** A device of a server, in words. */
public final class DeviceWords {

    private DeviceWords() {}

    /** {@code cuda:0: NVIDIA L4, 20.1 GB of 24.1 GB free}. */
    public static String of(ServerDevice device) {
        return "%s: %s, %s of %s free"
                .formatted(
                        device.name(),
                        device.description().orElse("a device"),
                        ByteSize.text(device.freeBytes().orElse(0)),
                        ByteSize.text(device.memoryBytes().orElse(0)));
    }
}
