package dev.stratalens.cli.picture;

import dev.stratalens.engine.error.PrintableText;
import java.awt.Font;
import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Characters of a picture that no font of this machine has. They become boxes in its pixels. */
public final class MissingGlyphs {

    private static final int NAMED = 8;
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Set<UnicodeScript> EAST_ASIAN = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.BOPOMOFO);

    private MissingGlyphs() {}

    /** A warning that names the characters and a remedy; empty if every character can be drawn. */
    public static Optional<String> warning(String svg) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        return warning(svg, font::canDisplay);
    }

    static Optional<String> warning(String svg, IntPredicate canDraw) {
        Set<Integer> missing = TAG.matcher(svg)
                .replaceAll("")
                .codePoints()
                .filter(character -> !Character.isIdentifierIgnorable(character) && !canDraw.test(character))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        List<String> named = missing.stream()
                .limit(NAMED)
                .map(character -> PrintableText.of(Character.toString(character)))
                .toList();
        String more = missing.size() > NAMED ? " and %d more".formatted(missing.size() - NAMED) : "";
        return Optional.of(
                "No font here has %s%s: they are boxes in the picture. Install fonts that have them (Debian and Ubuntu: apt install %s), or write --format svg."
                        .formatted(String.join(" ", named), more, packages(missing)));
    }

    private static String packages(Set<Integer> missing) {
        return missing.stream()
                .map(character -> EAST_ASIAN.contains(UnicodeScript.of(character))
                        ? "fonts-noto-cjk"
                        : Character.getType(character) == Character.OTHER_SYMBOL ? "fonts-symbola" : "fonts-noto-core")
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
