package dev.stratalens.client.request;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which tokens are the predictions of a cell. The first is always the cell's most likely token; the rule says which the others are. All come
 * in order of probability, and probabilities are over the whole vocabulary. Immutable, equal by value. Rules may be added.
 */
public final class Candidates {

    private static final String CONTRAST = "contrast:";
    private static final Candidates MOST_LIKELY = new Candidates("most-likely");
    private static final Candidates WORDS = new Candidates("words");
    private static final Candidates LEAST_LIKELY = new Candidates("least-likely");

    private final String name;

    private Candidates(String name) {
        this.name = name;
    }

    /** The most likely tokens: the default. */
    public static Candidates mostLikely() {
        return MOST_LIKELY;
    }

    /** The most likely words: tokens with a letter or a digit. Special tokens are none. */
    public static Candidates words() {
        return WORDS;
    }

    /** The least likely tokens. */
    public static Candidates leastLikely() {
        return LEAST_LIKELY;
    }

    /**
     * Of the 100 most likely tokens, those whose log-probability exceeds the one after another block by most, with the same lens.
     *
     * @param block a requested layer, 0 .. L-1
     */
    public static Candidates contrast(int block) {
        if (block < 0) {
            throw new IllegalArgumentException("block " + block + " is below 0; contrast with a block");
        }
        return new Candidates(CONTRAST + block);
    }

    /**
     * Of the 100 most likely tokens, those whose log-probability exceeds the one of another lens at the same place by most.
     *
     * @param lens one of the request
     */
    public static Candidates contrast(Lens lens) {
        return new Candidates(CONTRAST + lens.name());
    }

    /**
     * The rule of a {@link #name()}.
     *
     * @throws IllegalArgumentException if this client knows none
     */
    public static Candidates named(String name) {
        Objects.requireNonNull(name, "name");
        for (Candidates known : new Candidates[] {MOST_LIKELY, WORDS, LEAST_LIKELY}) {
            if (known.name.equals(name)) {
                return known;
            }
        }
        if (!name.startsWith(CONTRAST)) {
            throw new IllegalArgumentException(
                    "there is no rule \"" + name
                            + "\" for predictions; there are most-likely, words, least-likely, contrast:BLOCK and contrast:LENS");
        }
        String reference = name.substring(CONTRAST.length());
        return isNumber(reference) ? contrast(Integer.parseInt(reference)) : contrast(Lens.named(reference));
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,9}");
    }

    /** Name in files: {@code most-likely}, {@code words}, {@code least-likely}, or {@code contrast:} with a block or a lens. */
    public String name() {
        return name;
    }

    /** Whether the predictions are the most likely tokens, so that the n-th has rank n. */
    public boolean areMostLikely() {
        return equals(MOST_LIKELY);
    }

    /** The block to contrast with; empty for other rules. */
    public OptionalInt block() {
        return reference().filter(Candidates::isNumber).stream()
                .mapToInt(Integer::parseInt)
                .findFirst();
    }

    /** The lens to contrast with; empty for other rules. */
    public Optional<Lens> lens() {
        return reference().filter(reference -> !isNumber(reference)).map(Lens::named);
    }

    private Optional<String> reference() {
        return name.startsWith(CONTRAST) ? Optional.of(name.substring(CONTRAST.length())) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Candidates that && name.equals(that.name);
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
