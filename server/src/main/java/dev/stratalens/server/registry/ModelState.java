package dev.stratalens.server.registry;

import dev.stratalens.server.lens.LensEngine;

/** Where a served model stands. It may wait to be asked for; then it is loading, then either ready or failed for good. */
public sealed interface ModelState {

    /** Nobody has asked for it yet; the first request loads it. */
    record NotLoaded() implements ModelState {}

    /** Weights are being read, or wait for another model's; total is 0 while unknown. */
    record Loading(int done, int total) implements ModelState {}

    /** Requests can be answered. */
    record Ready(LensEngine engine) implements ModelState {}

    /** Loading failed; every request gets this. */
    record Failed(Throwable failure) implements ModelState {}
}
