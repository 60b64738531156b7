package dev.stratalens.server.grpc.result;

import com.google.protobuf.DescriptorProtos.EnumValueOptions;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.v1.ColumnDescription;
import dev.stratalens.v1.ColumnProto;

/** How one statistic travels: the contract says it beside the enum's value, so that a new one needs nothing here. */
public final class ColumnCode {

    private static final String PREFIX = "STATISTIC_";
    /** Codes beyond this do not fit. */
    private static final double MAX_CODE = 1 << 30;

    private final Statistic statistic;
    private final ColumnDescription description;

    private ColumnCode(Statistic statistic) {
        this.statistic = statistic;
        EnumValueOptions options = message(statistic).getValueDescriptor().getOptions();
        this.description = options.getExtension(ColumnProto.column);
    }

    static ColumnCode of(Statistic statistic) {
        return new ColumnCode(statistic);
    }

    /** The statistic in the contract. */
    static dev.stratalens.v1.Statistic message(Statistic statistic) {
        return dev.stratalens.v1.Statistic.valueOf(PREFIX + statistic.name());
    }

    /** The statistic of the engine; not of the unspecified and the unrecognized one. */
    public static Statistic statistic(dev.stratalens.v1.Statistic message) {
        return Statistic.valueOf(message.name().substring(PREFIX.length()));
    }

    /** Which statistic. */
    Statistic statistic() {
        return statistic;
    }

    /** Whether a lens has no value of it at its last read point. */
    boolean isAbsentAtLastReadPoint() {
        return description.getAbsentAtLastReadPoint();
    }

    /** Whether the prompt's last token has no value of it. */
    boolean isAbsentAtLastToken() {
        return description.getAbsentAtLastToken();
    }

    /** Whether the number has a code. */
    boolean has(float value) {
        return Float.isFinite(value) && (!description.hasCompactStep() || Math.abs(stepsOf(value)) < MAX_CODE);
    }

    /** The code of a number that has one. */
    int code(float value) {
        return description.hasCompactStep() ? (int) Math.round(stepsOf(value)) : LogCode.inCell(value);
    }

    private double stepsOf(float value) {
        return value / description.getCompactStep();
    }
}
