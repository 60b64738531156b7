package dev.stratalens.engine.text.jinja.runtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** Python's methods of texts. */
final class StringMethods {

    private interface Method {
        Object call(String text, Arguments arguments, Fuel fuel);
    }

    /** An end of a text. */
    enum End {
        LEFT,
        RIGHT
    }

    static final Set<End> BOTH = Set.of(End.values());

    private static final Map<String, Method> METHODS = Map.ofEntries(
            Map.entry("strip", (text, arguments, fuel) -> strip(text, arguments, BOTH)),
            Map.entry("lstrip", (text, arguments, fuel) -> strip(text, arguments, Set.of(End.LEFT))),
            Map.entry("rstrip", (text, arguments, fuel) -> strip(text, arguments, Set.of(End.RIGHT))),
            Map.entry("split", (text, arguments, fuel) -> split(text, false, arguments, fuel)),
            Map.entry("rsplit", (text, arguments, fuel) -> split(text, true, arguments, fuel)),
            Map.entry("splitlines", StringMethods::lines),
            Map.entry("startswith", (text, arguments, fuel) -> affix(text, prefix(arguments), "startswith", fuel)),
            Map.entry("endswith", (text, arguments, fuel) -> affix(text, prefix(arguments), "endswith", fuel)),
            Map.entry("upper", (text, arguments, fuel) -> fuel.made(text.toUpperCase(Locale.ROOT))),
            Map.entry("lower", (text, arguments, fuel) -> fuel.made(text.toLowerCase(Locale.ROOT))),
            Map.entry("title", (text, arguments, fuel) -> title(text)),
            Map.entry("capitalize", (text, arguments, fuel) -> capitalize(text)),
            Map.entry("replace", (text, arguments, fuel) -> replace(text, arguments.atMost(3, "count"), fuel)),
            Map.entry(
                    "join",
                    (text, arguments, fuel) -> join(text, arguments.atMost(1).require(0, "iterable"), fuel)),
            Map.entry(
                    "find",
                    (text, arguments, fuel) ->
                            place(text, new TextSearch(fuel).first(text, part(arguments, "sub"), 0))),
            Map.entry(
                    "rfind",
                    (text, arguments, fuel) ->
                            place(text, new TextSearch(fuel).last(text, part(arguments, "sub"), text.length()))),
            Map.entry("index", (text, arguments, fuel) -> index(text, part(arguments, "sub"), fuel)),
            Map.entry("count", (text, arguments, fuel) -> count(text, part(arguments, "sub"), fuel)),
            Map.entry("isdigit", (text, arguments, fuel) -> all(text, Character::isDigit)),
            Map.entry("isspace", (text, arguments, fuel) -> all(text, PythonText::isSpace)),
            Map.entry("isalpha", (text, arguments, fuel) -> all(text, Character::isLetter)),
            Map.entry("isalnum", (text, arguments, fuel) -> all(text, Character::isLetterOrDigit)),
            Map.entry("isupper", (text, arguments, fuel) -> isUpper(text) && !isLower(text)),
            Map.entry("islower", (text, arguments, fuel) -> isLower(text) && !isUpper(text)),
            Map.entry("removeprefix", (text, arguments, fuel) -> {
                String prefix = part(arguments, "prefix");
                return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }),
            Map.entry("removesuffix", (text, arguments, fuel) -> {
                String suffix = part(arguments, "suffix");
                return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
            }));

    private StringMethods() {}

    /** The method of a text; empty if there is none with this name. */
    static Optional<Callable> find(String text, String name) {
        return Optional.ofNullable(METHODS.get(name)).map(method -> (arguments, fuel) -> {
            fuel.make(text.length());
            return method.call(text, arguments, fuel);
        });
    }

    private static Object prefix(Arguments arguments) {
        return arguments.atMost(1).require(0, "prefix");
    }

    private static String part(Arguments arguments, String keyword) {
        return arguments.atMost(1).text(0, keyword);
    }

    private static boolean isUpper(String text) {
        return text.equals(text.toUpperCase(Locale.ROOT));
    }

    private static boolean isLower(String text) {
        return text.equals(text.toLowerCase(Locale.ROOT));
    }

    private static String strip(String text, Arguments arguments, Set<End> ends) {
        return strip(text, arguments.atMost(1).optionalText(0, "chars"), ends);
    }

    /** @param characters that go; empty for white space */
    static String strip(String text, Optional<String> characters, Set<End> ends) {
        IntPredicate goes = characters.<IntPredicate>map(StringMethods::isOneOf).orElse(PythonText::isSpace);
        int first = 0;
        int last = text.length();
        while (ends.contains(End.LEFT) && first < last && goes.test(text.codePointAt(first))) {
            first += Character.charCount(text.codePointAt(first));
        }
        while (ends.contains(End.RIGHT) && last > first && goes.test(text.codePointBefore(last))) {
            last -= Character.charCount(text.codePointBefore(last));
        }
        return text.substring(first, last);
    }

    private static IntPredicate isOneOf(String characters) {
        BitSet set = new BitSet();
        characters.codePoints().forEach(set::set);
        return set::get;
    }

    private static Sequence split(String text, boolean fromEnd, Arguments arguments, Fuel fuel) {
        Optional<String> separator = arguments.atMost(2, "sep", "maxsplit").optionalText(0, "sep");
        long limit = arguments.number(1, "maxsplit", -1);
        if (separator.isPresent() && separator.get().isEmpty()) {
            throw new TemplateException("it splits by an empty text");
        }
        if (fromEnd && limit >= 0) {
            return splitFromEnd(text, separator, limit, fuel);
        }
        List<String> parts = new ArrayList<>();
        TextSearch search = new TextSearch(fuel);
        int position = separator.isPresent()
                ? 0
                : text.length() - strip(text, separator, Set.of(End.LEFT)).length();
        while (limit < 0 || parts.size() < limit) {
            int[] found = find(text, position, separator, search);
            if (found[0] < 0) {
                break;
            }
            fuel.make(found[1] - position);
            parts.add(text.substring(position, found[0]));
            position = found[1];
        }
        if (separator.isPresent() || position < text.length()) {
            parts.add(text.substring(position));
        }
        return Sequence.list(parts);
    }

    private static Sequence splitFromEnd(String text, Optional<String> separator, long limit, Fuel fuel) {
        if (separator.isEmpty()) {
            throw new TemplateException("rsplit without a separator but with a limit is not supported");
        }
        List<String> parts = new ArrayList<>();
        TextSearch search = new TextSearch(fuel);
        int end = text.length();
        int place = search.last(text, separator.get(), end);
        while (place >= 0 && parts.size() < limit) {
            int start = place + separator.get().length();
            fuel.make(end - start);
            parts.add(text.substring(start, end));
            end = place;
            place = search.last(text, separator.get(), end);
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return Sequence.list(parts);
    }

    /** Start and end of the next separator, by default a run of blanks; negative if there is none. */
    private static int[] find(String text, int from, Optional<String> separator, TextSearch search) {
        if (separator.isPresent()) {
            int place = search.first(text, separator.get(), from);
            return new int[] {place, place + separator.get().length()};
        }
        int start = from;
        while (start < text.length() && !PythonText.isSpace(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && PythonText.isSpace(text.charAt(end))) {
            end++;
        }
        return new int[] {start == text.length() ? -1 : start, end};
    }

    private static Sequence lines(String text, Arguments arguments, Fuel fuel) {
        arguments.atMost(0);
        List<String> lines = List.of(text.split("\\r\\n|[\\n\\r\\x0b\\x0c\\x1c-\\x1e\\x85\\u2028\\u2029]", -1));
        fuel.make(8L * lines.size());
        return Sequence.list(lines.get(lines.size() - 1).isEmpty() ? lines.subList(0, lines.size() - 1) : lines);
    }

    private static boolean affix(String text, Object affix, String name, Fuel fuel) {
        if (affix instanceof Sequence several && several.kind() == Sequence.Kind.TUPLE) {
            return several.stream().anyMatch(one -> affix(text, one, name, fuel));
        }
        if (affix instanceof String one) {
            fuel.make(one.length());
            return name.equals("startswith") ? text.startsWith(one) : text.endsWith(one);
        }
        throw affix instanceof Undefined undefined
                ? undefined.failure()
                : new TemplateException("%s is called with %s".formatted(name, Values.typeName(affix)));
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            title.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return title.toString();
    }

    static String replace(String text, Arguments arguments, Fuel fuel) {
        String old = arguments.text(0, "old");
        String replacement = arguments.text(1, "new");
        long limit = arguments.number(2, "count", -1);
        StringBuilder result = new StringBuilder();
        TextSearch search = new TextSearch(fuel);
        int position = 0;
        for (long i = 0; limit < 0 || i < limit; i++) {
            int place = search.first(text, old, position);
            if (place < 0 || (old.isEmpty() && place >= text.length())) {
                break;
            }
            fuel.make(replacement.length());
            int end = old.isEmpty() ? text.offsetByCodePoints(place, 1) : place + old.length();
            result.append(text, position, place)
                    .append(replacement)
                    .append(old.isEmpty() ? text.substring(place, end) : "");
            position = end;
        }
        result.append(text, position, text.length());
        if (old.isEmpty() && limit < 0) {
            result.append(replacement);
        }
        return fuel.made(result.toString());
    }

    static String join(String separator, Object values, Fuel fuel) {
        StringBuilder joined = new StringBuilder();
        boolean first = true;
        for (Object value : Values.elements(values, fuel)) {
            if (!(value instanceof String text)) {
                throw new TemplateException("it joins %s as if it were a text".formatted(Values.typeName(value)));
            }
            fuel.make(separator.length() + text.length());
            joined.append(first ? "" : separator).append(text);
            first = false;
        }
        return joined.toString();
    }

    private static long place(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static long index(String text, String part, Fuel fuel) {
        long index = place(text, new TextSearch(fuel).first(text, part, 0));
        if (index < 0) {
            throw new TemplateException("it asks for the index of a part that is not in the text");
        }
        return index;
    }

    private static long count(String text, String part, Fuel fuel) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        TextSearch search = new TextSearch(fuel);
        long count = 0;
        for (int place = search.first(text, part, 0);
                place >= 0;
                place = search.first(text, part, place + part.length())) {
            count++;
        }
        return count;
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }
}
