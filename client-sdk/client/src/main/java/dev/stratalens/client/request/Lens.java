package dev.stratalens.client.request;

import java.util.Objects;
import java.util.Optional;

/**
 * How a row of the residual stream becomes logits: {@code head(finalNorm(T(row)))}. Immutable, equal by value. Kinds may be
 * added.
 */
public final class Lens {

    private static final String TRANSPORT = "transport:";
    private static final Lens LOGIT = new Lens("logit");
    private static final Lens RAW = new Lens("raw");

    private final String name;

    private Lens(String name) {
        this.name = name;
    }

    /** The logit lens: T is the identity. */
    public static Lens logit() {
        return LOGIT;
    }

    /** The logit lens without the final norm. */
    public static Lens raw() {
        return RAW;
    }

    /**
     * A lens with a fitted map for some read points, by name: one of {@code ModelFacts.lenses()}. A server that has none of this
     * name refuses the request with {@code INVALID_REQUEST}.
     */
    public static Lens transport(String map) {
        if (map.isEmpty()) {
            throw new IllegalArgumentException("the name of the transport lens is empty; give the name of its map");
        }
        return new Lens(TRANSPORT + map);
    }

    /**
     * The lens of a {@link #name()}.
     *
     * @throws IllegalArgumentException if this client knows none
     */
    public static Lens named(String name) {
        Objects.requireNonNull(name, "name");
        if (name.equals(LOGIT.name)) {
            return LOGIT;
        } else if (name.equals(RAW.name)) {
            return RAW;
        } else if (name.startsWith(TRANSPORT)) {
            return transport(name.substring(TRANSPORT.length()));
        }
        throw new IllegalArgumentException(
                "there is no lens \"" + name + "\"; there are logit, raw and " + TRANSPORT + "NAME");
    }

    /** Name in files and on command lines: {@code logit}, {@code raw}, or {@code transport:} and the map's name. */
    public String name() {
        return name;
    }

    /** Whether rows are decoded without the final norm. */
    public boolean skipsFinalNorm() {
        return equals(RAW);
    }

    /** Name of the fitted map; empty for the lenses that have none. */
    public Optional<String> map() {
        return name.startsWith(TRANSPORT) ? Optional.of(name.substring(TRANSPORT.length())) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Lens that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
