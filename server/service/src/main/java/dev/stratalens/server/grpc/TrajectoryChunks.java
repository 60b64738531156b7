package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.v1.TrajectoryChunk;
import dev.stratalens.v1.TrajectoryEncoding;
import java.util.function.Consumer;

/** Cuts the trajectories of a position into messages of bounded size, in the encoding that was asked for. */
final class TrajectoryChunks {

    private static final int MAX_VALUES = 65_536;
    private static final double MILLION = 1e6;

    private final int layers;
    private final TrajectoryEncoding encoding;

    TrajectoryChunks(int layers, TrajectoryEncoding encoding) {
        this.layers = layers;
        this.encoding = encoding;
    }

    /** Makes one message after the other; one without tokens if the position has none. */
    void split(PositionTrajectory trajectory, Consumer<TrajectoryChunk> consumer) {
        int tokens = trajectory.tokenIds().length;
        int step = Math.max(1, MAX_VALUES / layers);
        int first = 0;
        do {
            int end = Math.min(first + step, tokens);
            consumer.accept(chunk(trajectory, first, end));
            first = end;
        } while (first < tokens);
    }

    private TrajectoryChunk chunk(PositionTrajectory trajectory, int first, int end) {
        TrajectoryChunk.Builder chunk = TrajectoryChunk.newBuilder().setPositionIndex(trajectory.positionIndex());
        for (int i = first; i < end; i++) {
            chunk.addTokenIds(trajectory.tokenIds()[i]);
        }
        for (int i = first * layers; i < end * layers; i++) {
            float logProb = trajectory.logProbs()[i];
            if (encoding == TrajectoryEncoding.TRAJECTORY_ENCODING_FLOAT32) {
                chunk.addLogProbs(logProb);
            } else {
                chunk.addProbabilitiesPpm((int) Math.round(Math.exp(logProb) * MILLION));
            }
        }
        return chunk.build();
    }
}
