/** Metrics and traces by OpenTelemetry. */
@NullMarked
package dev.stratalens.server.telemetry;

import org.jspecify.annotations.NullMarked;
