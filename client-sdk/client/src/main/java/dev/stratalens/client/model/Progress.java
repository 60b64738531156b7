package dev.stratalens.client.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * State of the work on a call.
 *
 * @param phase what the server does
 * @param done units of the phase done
 * @param total units of the phase in all; empty while unknown
 * @param timeLeft how long the phase still takes, estimated from its rate so far; empty in its first second and while unknown
 */
public record Progress(Phase phase, long done, OptionalLong total, Optional<Duration> timeLeft) {

    /** What is counted. */
    public enum Unit {
        /** Requests that were ahead of this one. */
        REQUESTS,
        /** Bytes. */
        BYTES,
        /** Blocks of the model. */
        BLOCKS,
        /** Cells of the result. */
        CELLS,
        /** Token positions. */
        POSITIONS
    }

    /** Phases of a call, in order. Those that take no time may be left out. */
    public enum Phase {
        /** Waiting for its turn. */
        QUEUED(Unit.REQUESTS),
        /** The model's files come over the network. */
        DOWNLOAD(Unit.BYTES),
        /** The model's weights are read. */
        LOADING(Unit.BYTES),
        /** Blocks are running. */
        FORWARD(Unit.BLOCKS),
        /** Cells are being read. */
        LENS(Unit.CELLS),
        /** Tracked tokens are being read. */
        TRAJECTORIES(Unit.POSITIONS);

        private final Unit unit;

        Phase(Unit unit) {
            this.unit = unit;
        }

        /** What is counted in the phase. */
        public Unit unit() {
            return unit;
        }
    }

    /** Checks that nothing is missing. */
    public Progress {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(total, "total");
        Objects.requireNonNull(timeLeft, "timeLeft");
    }

    /** Without an estimate of the time left. */
    public Progress(Phase phase, long done, OptionalLong total) {
        this(phase, done, total, Optional.empty());
    }

    /** What is counted. */
    public Unit unit() {
        return phase.unit();
    }

    /** Units that are left; empty while unknown. */
    public OptionalLong left() {
        return total.isPresent() ? OptionalLong.of(Math.max(0, total.getAsLong() - done)) : OptionalLong.empty();
    }
}
