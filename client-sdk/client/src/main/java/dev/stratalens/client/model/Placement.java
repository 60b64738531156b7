package dev.stratalens.client.model;

/**
 * A range of a model's blocks on one device.
 *
 * @param device the device: {@code "cpu"}, {@code "cuda:0"}
 * @param firstBlock first block
 * @param blocks number of blocks, 1 or more
 */
public record Placement(String device, int firstBlock, int blocks) {}
