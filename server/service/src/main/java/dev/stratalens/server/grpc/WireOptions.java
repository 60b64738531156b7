package dev.stratalens.server.grpc;

import dev.stratalens.v1.TrajectoryEncoding;

/**
 * What a request says about the answer's form; nothing that is computed depends on it.
 *
 * @param requestId echoed to the caller
 * @param trajectoryEncoding unspecified if no trajectories were asked for
 */
record WireOptions(String requestId, TrajectoryEncoding trajectoryEncoding) {}
