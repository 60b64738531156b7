package dev.stratalens.client.error;

/** A text has half a character in it: a UTF-16 surrogate without its other half, which no encoding can carry. */
public final class UnpairedSurrogateException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final int index;

    /**
     * A text that is refused.
     *
     * @param name what the text is: {@code text}, {@code model}
     * @param index of the surrogate in the text, in UTF-16 units from 0, as {@link String#charAt}
     * @param surrogate what stands there
     */
    public UnpairedSurrogateException(String name, int index, char surrogate) {
        super(
                "%s: half a character (U+%04X, an unpaired surrogate) at index %d; give whole characters. A text that was cut may have been cut within one."
                        .formatted(name, (int) surrogate, index));
        this.index = index;
    }

    /** Where it stands in the text, in UTF-16 units from 0, as {@link String#charAt}. */
    public int index() {
        return index;
    }
}
