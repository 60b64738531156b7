package dev.stratalens.client.model;

import java.util.OptionalLong;

/**
 * State of the work on a call.
 *
 * @param phase what the server does
 * @param done units of the phase done
 * @param total units of the phase in all; empty while unknown
 */
public record Progress(Phase phase, long done, OptionalLong total) {

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

    /** What is counted. */
    public Unit unit() {
        return phase.unit();
    }

    /** Units that are left; empty while unknown. */
    public OptionalLong left() {
        return total.isPresent() ? OptionalLong.of(Math.max(0, total.getAsLong() - done)) : OptionalLong.empty();
    }
}
