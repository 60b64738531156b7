package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.IndexRange;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Layers or positions as typed: {@code all}, or items parted by commas, each a number, {@code last}, a range
 * {@code 10-20} (both ends included), a range with a step {@code 10-20:2}, or {@code ::4} for every fourth from 0. A step
 * keeps the last one of its range too.
 */
public final class IndexSyntax {

    private static final Pattern ITEM = Pattern.compile("(last|\\d+)(?:-(last|\\d+)(?::(\\d+))?)?");
    private static final Pattern STRIDE = Pattern.compile("::(\\d+)");

    private final String option;
    private final String text;

    private IndexSyntax(String option, String text) {
        this.option = option;
        this.text = text;
    }

    /**
     * A selection as typed; nothing is looked at before {@link #ranges} and {@link #indices}.
     *
     * @param option name of the option, for messages
     */
    public static IndexSyntax of(String option, String text) {
        return new IndexSyntax(option, text.strip());
    }

    /** Whether everything is selected, so that it does not matter how much there is. */
    public boolean isAll() {
        return text.equals("all");
    }

    /**
     * The selected ranges as the server takes them, none for all: {@code last} is -1. What is not there, or selected twice, the
     * server refuses.
     *
     * @throws CliException if the text is not understood
     */
    public List<IndexRange> ranges() {
        if (isAll()) {
            return List.of();
        }
        return Arrays.stream(text.split(",", -1))
                .map(part -> range(part.strip()))
                .toList();
    }

    /**
     * The selected indices, ascending.
     *
     * @param count how many layers or positions there are, 1 or more
     * @param kind what is counted, for messages: "layers"
     * @throws CliException if the text is not understood, or names something that is not there, or something twice
     */
    public List<Integer> indices(int count, String kind) {
        BitSet selected = new BitSet(count);
        for (IndexRange range : isAll() ? List.of(IndexRange.all()) : ranges()) {
            int from = within(range.from(), count, kind);
            int to = within(range.to(), count, kind);
            if (to < from) {
                throw endsBeforeItBegins(from + "-" + to);
            }
            for (int i = from; i <= to; i = i == to ? to + 1 : (int) Math.min((long) i + range.stride(), to)) {
                if (selected.get(i)) {
                    throw CliException.usage("%s: %d is selected twice in \"%s\".".formatted(option, i, text));
                }
                selected.set(i);
            }
        }
        return selected.stream().boxed().toList();
    }

    private int within(int index, int count, String kind) {
        if (index >= count) {
            throw CliException.usage("%s: %d is out of range; there are %d %s, 0 to %d (or `last`)."
                    .formatted(option, index, count, kind, count - 1));
        }
        return index < 0 ? count + index : index;
    }

    private IndexRange range(String part) {
        Matcher stride = STRIDE.matcher(part);
        if (stride.matches()) {
            return IndexRange.everyNth(step(stride.group(1)));
        }
        Matcher item = ITEM.matcher(part);
        if (!item.matches()) {
            throw notUnderstood(part);
        }
        int from = index(item.group(1));
        int to = item.group(2) == null ? from : index(item.group(2));
        if (to >= 0 && (to < from || from < 0)) {
            throw endsBeforeItBegins(part);
        }
        return new IndexRange(from, to, item.group(3) == null ? 1 : step(item.group(3)));
    }

    private static int index(String word) {
        return word.equals("last") ? -1 : number(word);
    }

    private int step(String word) {
        int step = number(word);
        if (step == 0) {
            throw CliException.usage("%s: a step of 0 is not allowed; use 1 or more.".formatted(option));
        }
        return step;
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE; // out of every range, and refused as such
        }
    }

    private CliException endsBeforeItBegins(String part) {
        return CliException.usage("%s: the range %s ends before it begins.".formatted(option, part));
    }

    private CliException notUnderstood(String part) {
        if (part.startsWith("-")) {
            String embedding = option.equals("--layers") ? " and --embedding for the row before block 0" : "";
            return CliException.usage("%s: negative numbers are not allowed (%s); use `last` for the last one%s."
                    .formatted(option, part, embedding));
        }
        return CliException.usage(
                "%s: \"%s\" is not understood. Write all, last, a number, 10-20, 10-20:2 or ::4, several separated by commas."
                        .formatted(option, part));
    }
}
