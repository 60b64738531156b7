package dev.stratalens.client.internal.argument;

import dev.stratalens.client.error.UnpairedSurrogateException;
import java.util.Objects;

/** Texts of whole characters: what can travel as UTF-8 and arrive as it was. */
public final class WholeText {

    private WholeText() {}

    /**
     * The text, once it is known to be whole. The wire would carry half a character as a question mark, which is another
     * prompt.
     *
     * @param name of the parameter, for the message
     * @throws NullPointerException if there is none
     * @throws UnpairedSurrogateException if it has half a surrogate pair
     */
    public static String require(String name, String text) {
        Objects.requireNonNull(text, name);
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean whole = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!whole) {
                    throw new UnpairedSurrogateException(name, i, unit);
                }
                i++;
            }
        }
        return text;
    }
}
