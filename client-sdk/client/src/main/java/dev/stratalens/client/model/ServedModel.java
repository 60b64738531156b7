package dev.stratalens.client.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A model and its state.
 *
 * @param name as served
 * @param state its state
 * @param facts what is known of it, while it is ready
 * @param error why loading failed, in words, if it did
 * @param memory bytes that its weights take on each device, or are about to; none where they take nothing
 * @param requests requests that wait for it or run on it now
 * @param unusedFor time since the last of them ended, or since it was loaded; empty unless it is loaded
 * @param progress how far loading is, while it is being loaded
 */
public record ServedModel(
        String name,
        ModelState state,
        Optional<ModelFacts> facts,
        Optional<String> error,
        List<DeviceMemory> memory,
        int requests,
        Optional<Duration> unusedFor,
        Optional<Progress> progress) {

    /** Copies the list. */
    public ServedModel {
        memory = List.copyOf(memory);
    }

    /** Bytes that its weights take on all devices together, or are about to. */
    public long memoryBytes() {
        return memory.stream().mapToLong(DeviceMemory::bytes).sum();
    }
}
