package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.IndexRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
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
     * A selection as typed; nothing is looked at before {@link #ranges}.
     *
     * @param option name of the option, for messages
     */
    public static IndexSyntax of(String option, String text) {
        return new IndexSyntax(option, text.strip());
    }

    /** Whether everything is selected, so that nobody needs to know how much there is. */
    public boolean isAll() {
        return text.equals("all");
    }

    /**
     * The selected ranges, none for all.
     *
     * @param count how many layers or positions there are, 1 or more
     * @param kind what is counted, for messages: "layers"
     * @throws CliException if the text is not understood, or names something that is not there, or something twice
     */
    public List<IndexRange> ranges(int count, String kind) {
        if (isAll()) {
            return List.of();
        }
        List<IndexRange> ranges = new ArrayList<>();
        BitSet seen = new BitSet(count);
        for (String part : text.split(",", -1)) {
            IndexRange range = range(part.strip(), count, kind);
            ranges.add(range);
            markOnce(range, seen);
        }
        return ranges;
    }

    private IndexRange range(String part, int count, String kind) {
        Matcher stride = STRIDE.matcher(part);
        if (stride.matches()) {
            return new IndexRange(0, OptionalInt.of(count - 1), step(stride.group(1)));
        }
        Matcher item = ITEM.matcher(part);
        if (!item.matches()) {
            throw notUnderstood(part);
        }
        int first = index(item.group(1), count, kind);
        int last = item.group(2) == null ? first : index(item.group(2), count, kind);
        if (last < first) {
            throw CliException.usage("%s: the range %s ends before it begins.".formatted(option, part));
        }
        return new IndexRange(first, OptionalInt.of(last), item.group(3) == null ? 1 : step(item.group(3)));
    }

    private int index(String word, int count, String kind) {
        int index = word.equals("last") ? count - 1 : number(word);
        if (index >= count) {
            throw CliException.usage("%s: %s is out of range; there are %d %s, 0 to %d (or `last`)."
                    .formatted(option, word, count, kind, count - 1));
        }
        return index;
    }

    private int step(String word) {
        int step = number(word);
        if (step == 0) {
            throw CliException.usage("%s: a step of 0 leads nowhere; use 1 or more.".formatted(option));
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

    private void markOnce(IndexRange range, BitSet seen) {
        int last = range.last().orElse(range.first());
        for (int i = range.first();
                i <= last;
                i = i == last ? last + 1 : (int) Math.min((long) i + range.stride(), last)) {
            if (seen.get(i)) {
                throw CliException.usage("%s: %d is selected twice in \"%s\".".formatted(option, i, text));
            }
            seen.set(i);
        }
    }

    private CliException notUnderstood(String part) {
        if (part.startsWith("-")) {
            String embedding = option.equals("--layers") ? " and --embedding for the row before block 0" : "";
            return CliException.usage("%s: negative numbers are not taken (%s); use `last` for the last one%s."
                    .formatted(option, part, embedding));
        }
        return CliException.usage(
                "%s: \"%s\" is not understood. Write all, last, a number, 10-20, 10-20:2 or ::4, several parted by commas."
                        .formatted(option, part));
    }
}
