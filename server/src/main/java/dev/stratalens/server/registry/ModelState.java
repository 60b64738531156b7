package dev.stratalens.server.registry;

import dev.stratalens.server.lens.LensEngine;

/** Where a served model stands. It is loading first, then either ready or failed for good. */
public sealed interface ModelState {

    /** Weights are being read, or wait for another model's; total is 0 while unknown. */
    record Loading(int done, int total) implements ModelState {}

    /** Requests can be answered. */
    record Ready(LensEngine engine) implements ModelState {}

    /** Loading failed; every request gets this. */
    record Failed(Throwable failure) implements ModelState {}
}
