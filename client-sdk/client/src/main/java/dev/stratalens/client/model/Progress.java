package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** State of the work on a call. */
@AutoValue
public abstract class Progress {

    Progress() {}

    /** Without an estimate of the time left. */
    public static Progress of(Phase phase, long done, OptionalLong total) {
        return of(phase, done, total, Optional.empty());
    }

    /** With an estimate of the time left, where there is one. */
    public static Progress of(Phase phase, long done, OptionalLong total, Optional<Duration> timeLeft) {
        return new AutoValue_Progress(phase, done, total, timeLeft);
    }

    /** What the server does. */
    public abstract Phase phase();

    /** Units of the phase that are done. */
    public abstract long done();

    /** Units of the phase in all; empty while unknown. */
    public abstract OptionalLong total();

    /** How long the phase still takes, estimated from its rate so far; empty in its first second and while unknown. */
    public abstract Optional<Duration> timeLeft();

    /** What is counted. */
    public final Unit unit() {
        return phase().unit();
    }

    /** Units that are left; empty while unknown. */
    public final OptionalLong left() {
        return total().isPresent() ? OptionalLong.of(Math.max(0, total().getAsLong() - done())) : OptionalLong.empty();
    }

    /** What is counted. More units may be added. */
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
        POSITIONS,
        /** Steps of work that this client does not know. */
        STEPS
    }

    /** Phases of a call, in order. Those that take no time may be left out. More phases may be added. */
    public enum Phase {
        /** Waiting for its turn, or, without a total, for what the caller's limits allow next. */
        QUEUED(Unit.REQUESTS),
        /** The model's files come over the network. */
        DOWNLOAD(Unit.BYTES),
        /** The model's weights are read. */
        LOADING(Unit.BYTES),
        /** Blocks are computed. */
        FORWARD(Unit.BLOCKS),
        /** Cells are being read. */
        LENS(Unit.CELLS),
        /** Tracked tokens are being read. */
        TRAJECTORIES(Unit.POSITIONS),
        /** Work that this client does not know, as a newer server may do; it may come at any place. */
        OTHER(Unit.STEPS);

        private final Unit unit;

        Phase(Unit unit) {
            this.unit = unit;
        }

        /** What is counted in the phase. */
        public Unit unit() {
            return unit;
        }
    }
}
