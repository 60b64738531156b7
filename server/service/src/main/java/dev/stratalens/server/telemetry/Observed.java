package dev.stratalens.server.telemetry;

import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.LensScheduler;
import java.util.function.LongSupplier;

/**
 * The parts of a server that are looked at whenever metrics are read.
 *
 * @param unreadBytes of responses that wait for their readers
 * @param lostLines about requests so far
 */
public record Observed(
        ModelRegistry registry, LensScheduler scheduler, LongSupplier unreadBytes, LongSupplier lostLines) {}
