package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.request.Statistic;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The columns of a readout: one number for each position and requested statistic. */
public final class Columns {

    private final Map<Statistic, float[]> values;

    /**
     * Columns from existing arrays.
     *
     * @param values one array of the same length for each statistic, [p]; not copied: read-only from now on
     */
    public Columns(Map<Statistic, float[]> values) {
        this.values = new EnumMap<>(Statistic.class);
        this.values.putAll(values);
    }

    /** Empty columns: NaN everywhere, to be filled with {@link #set}. */
    public static Columns unknown(Set<Statistic> statistics, int positions) {
        var columns = new Columns(Map.of());
        for (Statistic statistic : statistics) {
            var column = new float[positions];
            Arrays.fill(column, Float.NaN);
            columns.values.put(statistic, column);
        }
        return columns;
    }

    /** Sets a number, if its statistic was requested. Only before others receive the columns. */
    public void set(Statistic statistic, int position, double value) {
        float[] column = values.get(statistic);
        if (column != null) {
            column[position] = (float) value;
        }
    }

    /**
     * The numbers of a statistic, one for each position, [p]. Not copied: read-only.
     *
     * @throws IllegalArgumentException if the statistic was not requested
     */
    public float[] of(Statistic statistic) {
        float[] column = values.get(statistic);
        if (column == null) {
            throw new IllegalArgumentException(
                    "%s was not requested; requested: %s".formatted(statistic, values.keySet()));
        }
        return column;
    }

    /** The requested statistics. */
    public Set<Statistic> statistics() {
        return Collections.unmodifiableSet(values.keySet());
    }
}
