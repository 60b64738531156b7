package dev.stratalens.client.result;

import java.time.Duration;

/**
 * Where the server's time went.
 *
 * @param queued waiting
 * @param forward forward pass
 * @param lens lens
 */
public record Timings(Duration queued, Duration forward, Duration lens) {}
