package dev.stratalens.client.model;

/**
 * Memory on one device.
 *
 * @param device the device: {@code "cpu"}, {@code "cuda:0"}
 * @param bytes bytes
 */
public record DeviceMemory(String device, long bytes) {}
