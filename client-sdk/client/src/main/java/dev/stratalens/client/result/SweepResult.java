package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** A complete sweep. Immutable, equal by value. */
@AutoValue
public abstract class SweepResult {

    SweepResult() {}

    /** A sweep with the times of the server. */
    public static SweepResult of(SweepInfo info, List<SweepCell> cells, Duration queued, Duration computed) {
        return new AutoValue_SweepResult(info, List.copyOf(cells), queued, computed);
    }

    /** What was known before the cells. */
    public abstract SweepInfo info();

    /** Cells by layer, then position, then head. */
    public abstract List<SweepCell> cells();

    /** Time in the server's queue. */
    public abstract Duration queued();

    /** Time in forward passes and head. */
    public abstract Duration computed();

    /** The metric after a change of a row, or of all its heads of the request. */
    public final float value(int layer, int position) {
        return find(layer, position, OptionalInt.empty());
    }

    /** The metric after a change of one head. */
    public final float value(int layer, int position, int head) {
        return find(layer, position, OptionalInt.of(head));
    }

    private float find(int layer, int position, OptionalInt head) {
        return cells().stream()
                .filter(cell -> cell.layer() == layer
                        && cell.position() == position
                        && cell.head().equals(head))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no cell of layer %d, position %d%s; there are layers %s, positions %s%s"
                                .formatted(
                                        layer,
                                        position,
                                        head.isPresent() ? ", head " + head.getAsInt() : "",
                                        info().layers(),
                                        info().positions(),
                                        info().heads().isEmpty() ? "" : ", heads " + info().heads())))
                .value();
    }
}
