package dev.stratalens.client.request;

import dev.stratalens.v1.ColumnDescription;
import dev.stratalens.v1.ColumnProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A number of every cell, such as its entropy. What is known of it is declared once, in the contract: a value that is added
 * there is known here, to files and to pages. Immutable, equal by name, ordered as declared.
 */
public final class Statistic implements Comparable<Statistic> {

    private static final List<Statistic> ALL = declared();

    /** ln(sum(exp(logits))): a token's logit is its log-probability plus this. */
    public static final Statistic LOG_SUM_EXP = named("log-sum-exp");

    /** Entropy of the cell's distribution, nats, 0 .. ln V. */
    public static final Statistic ENTROPY = named("entropy");

    /** KL(final || layer), nats, 0 or more; exactly 0 at the last block with the logit lens. */
    public static final Statistic KL_FROM_FINAL = named("kl-from-final");

    /** KL(next requested layer || layer), nats; none at the last requested layer. About doubles the cost of the lens. */
    public static final Statistic KL_FROM_NEXT = named("kl-from-next");

    /** -ln p of the prompt's next token, nats, 0 or more; none at the prompt's last token. */
    public static final Statistic CROSS_ENTROPY = named("cross-entropy");

    /** The contract's value for none: a server refuses it. */
    private static final int UNKNOWN = 0;

    private final int number;
    private final ColumnDescription description;

    private Statistic(int number, ColumnDescription description) {
        this.number = number;
        this.description = description;
    }

    /** Which way a statistic reads. */
    public enum Direction {
        /** More means a surer prediction. */
        MORE_IS_SURER,
        /** Less means a surer prediction. */
        LESS_IS_SURER,
        /** Neither. */
        NEUTRAL
    }

    /** Every statistic, in the order of the contract. */
    public static List<Statistic> all() {
        return ALL;
    }

    /**
     * The statistic of a name, such as {@code "entropy"}.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names
     */
    public static Statistic named(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no statistic \"" + name + "\"; there are "
                        + ALL.stream().map(Statistic::name).collect(Collectors.joining(", "))));
    }

    /** The statistic of a name; empty if this client knows none, as in a file of a newer one. */
    public static Optional<Statistic> find(String name) {
        return ALL.stream().filter(statistic -> statistic.name().equals(name)).findFirst();
    }

    /**
     * A statistic that this client does not know, as a file describes it: it can be read and shown, and asked of no server.
     *
     * @param name lower case with hyphens
     * @param label for people
     * @param unit such as {@code "nats"}; may be empty
     * @param minimum smallest value
     * @param maximum largest value
     * @param direction which way it reads
     * @param meaning what it says, in one sentence
     * @param remark what it costs or lacks
     */
    public static Statistic described(
            String name,
            String label,
            String unit,
            OptionalDouble minimum,
            OptionalDouble maximum,
            Direction direction,
            String meaning,
            Optional<String> remark) {
        ColumnDescription.Builder description = ColumnDescription.newBuilder()
                .setName(name)
                .setLabel(label)
                .setUnit(unit)
                .setDirection(
                        switch (direction) {
                            case MORE_IS_SURER -> dev.stratalens.v1.Direction.DIRECTION_MORE_IS_SURER;
                            case LESS_IS_SURER -> dev.stratalens.v1.Direction.DIRECTION_LESS_IS_SURER;
                            case NEUTRAL -> dev.stratalens.v1.Direction.DIRECTION_NEUTRAL;
                        })
                .setMeaning(meaning);
        minimum.ifPresent(description::setMinimum);
        maximum.ifPresent(description::setMaximum);
        remark.ifPresent(description::setRemark);
        return new Statistic(UNKNOWN, description.build());
    }

    /** An unmodifiable copy in the order of the contract; what this client does not know comes last, by name. */
    public static Set<Statistic> setOf(Iterable<Statistic> statistics) {
        Set<Statistic> copy = new TreeSet<>();
        statistics.forEach(copy::add);
        return Collections.unmodifiableSet(copy);
    }

    /** Name in files and on command lines, lower case with hyphens. */
    public String name() {
        return description.getName();
    }

    /** Name for people, beside a color scale or above a table. */
    public String label() {
        return description.getLabel();
    }

    /** Unit, such as {@code "nats"}. */
    public String unit() {
        return description.getUnit();
    }

    /** Smallest value; empty = none. */
    public OptionalDouble minimum() {
        return description.hasMinimum() ? OptionalDouble.of(description.getMinimum()) : OptionalDouble.empty();
    }

    /**
     * Largest value; empty = none.
     *
     * @param vocabularySize of the model, 0 if it is not known
     */
    public OptionalDouble maximum(int vocabularySize) {
        if (isAtMostLogVocabulary() && vocabularySize > 0) {
            return OptionalDouble.of(Math.log(vocabularySize));
        }
        return description.hasMaximum() ? OptionalDouble.of(description.getMaximum()) : OptionalDouble.empty();
    }

    /** Whether the largest value is the logarithm of the vocabulary's size. */
    public boolean isAtMostLogVocabulary() {
        return description.getAtMostLogVocabulary();
    }

    /** Which way it reads. */
    public Direction direction() {
        return switch (description.getDirection()) {
            case DIRECTION_MORE_IS_SURER -> Direction.MORE_IS_SURER;
            case DIRECTION_LESS_IS_SURER -> Direction.LESS_IS_SURER;
            case DIRECTION_NEUTRAL, DIRECTION_UNSPECIFIED, UNRECOGNIZED -> Direction.NEUTRAL;
        };
    }

    /** What the number says, in one sentence. */
    public String meaning() {
        return description.getMeaning();
    }

    /** What it costs or lacks, in one sentence; empty = nothing worth saying. */
    public Optional<String> remark() {
        return description.hasRemark() ? Optional.of(description.getRemark()) : Optional.empty();
    }

    /** Its number in the contract. */
    public int number() {
        return number;
    }

    /** Step of the compact form, in its unit; empty = it travels as a logarithm and is 0 or more. */
    public OptionalDouble compactStep() {
        return description.hasCompactStep() ? OptionalDouble.of(description.getCompactStep()) : OptionalDouble.empty();
    }

    /** Whether it compares with the next layer, so that the last one has no value. */
    public boolean isAbsentAtLastReadPoint() {
        return description.getAbsentAtLastReadPoint();
    }

    /** Whether it needs the prompt's next token, so that the last token has no value. */
    public boolean isAbsentAtLastToken() {
        return description.getAbsentAtLastToken();
    }

    /** Whether it refers to the model's own output, so that a stream has it only after the forward pass. */
    public boolean needsOutput() {
        return description.getNeedsOutput();
    }

    private static List<Statistic> declared() {
        List<Statistic> statistics = new ArrayList<>();
        dev.stratalens.v1.Statistic.getDescriptor().getValues().forEach(value -> {
            if (value.getOptions().hasExtension(ColumnProto.column)) {
                statistics.add(
                        new Statistic(value.getNumber(), value.getOptions().getExtension(ColumnProto.column)));
            }
        });
        return List.copyOf(statistics);
    }

    @Override
    public int compareTo(Statistic other) {
        return Comparator.comparingInt(Statistic::order)
                .thenComparing(Statistic::name)
                .compare(this, other);
    }

    private int order() {
        int index = ALL.indexOf(this);
        return index < 0 ? ALL.size() : index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Statistic that && name().equals(that.name());
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}
