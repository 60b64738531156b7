package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.LensTarget;
import java.util.regex.Pattern;

/**
 * A target as typed: {@code next}, {@code final-top}, {@code id:464}, {@code text: Paris}; anything else is a text. A text
 * keeps its spaces: {@code "text: Paris"} is the word with a space before it.
 */
public final class TargetSyntax {

    private static final Pattern RESERVED = Pattern.compile("next$|final-top$|id:|text:");

    private TargetSyntax() {}

    /** Reads a target.
     *
     * @throws CliException if an id is not a number or a text is empty */
    public static LensTarget parse(String argument) {
        if (argument.equals("next")) {
            return LensTarget.nextToken();
        }
        if (argument.equals("final-top")) {
            return LensTarget.finalTop();
        }
        if (argument.startsWith("id:")) {
            return LensTarget.id(id(argument.substring("id:".length())));
        }
        String text = argument.startsWith("text:") ? argument.substring("text:".length()) : argument;
        if (text.isEmpty()) {
            throw CliException.usage(
                    "--target: an empty text. Write next, final-top, id:464, or a word such as \" Paris\".");
        }
        return LensTarget.text(text);
    }

    /** A target as it can be typed: what {@link #parse} reads as the same. */
    public static String text(LensTarget target) {
        if (target instanceof LensTarget.TokenId token) {
            return "id:" + token.id();
        }
        if (target instanceof LensTarget.Text word) {
            boolean isOther = RESERVED.matcher(word.text()).lookingAt();
            return isOther ? "text:" + word.text() : word.text();
        }
        return target instanceof LensTarget.NextToken ? "next" : "final-top";
    }

    private static int id(String digits) {
        try {
            int id = Integer.parseInt(digits);
            if (id >= 0) {
                return id;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw CliException.usage(
                "--target: \"id:%s\" is not a vocabulary id. Write id: and a number, such as id:464; \"text:id:%s\" is the text."
                        .formatted(digits, digits));
    }
}
