package dev.stratalens.cli;

import dev.stratalens.cli.form.Paragraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Help texts at the width of the terminal. Prose is wrapped anew, wherever its lines end in the source. A command that is longer than a
 * line goes on behind a backslash, so that it can be copied: a shell would read a line end within quotes as part of the prompt.
 */
final class HelpLayout {

    private static final String CONTINUED = " \\";
    private static final String DEEPER = "      ";

    /** Words of a shell, whose quoted text keeps its spaces; an option stays with its value. */
    private static final Pattern WORD = Pattern.compile("(?:--[a-z-]+ (?=[^-]))?(?:\"[^\"]*\"|[^ \"])+");

    private static final Pattern SENTENCE = Pattern.compile("(?s)(.*?\\.)(?: (.*))?");

    private HelpLayout() {}

    /** Lays out the help of a command, and of those below it. */
    static void apply(CommandLine line) {
        Map<String, IHelpSectionRenderer> sections = new HashMap<>(line.getHelpSectionMap());
        sections.put(
                UsageMessageSpec.SECTION_KEY_DESCRIPTION,
                help -> render(help, help.commandSpec().usageMessage().description()));
        sections.put(
                UsageMessageSpec.SECTION_KEY_FOOTER,
                help -> render(help, help.commandSpec().usageMessage().footer()));
        line.setHelpSectionMap(sections);
        line.getSubcommands().values().forEach(HelpLayout::summarize);
    }

    /** A list of commands shows the first element of each description, so that this is the first sentence. */
    private static void summarize(CommandLine line) {
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        String text = String.join(" ", usage.description());
        Matcher sentence = SENTENCE.matcher(text);
        if (sentence.matches() && sentence.group(2) != null) {
            usage.description(sentence.group(1), sentence.group(2));
        } else {
            usage.description(text);
        }
        line.getSubcommands().values().forEach(HelpLayout::summarize);
    }

    private static String render(Help help, String[] lines) {
        return render(
                List.of(lines),
                help.commandSpec().root().name(),
                help.commandSpec().usageMessage().width());
    }

    /**
     * The text.
     *
     * @param lines prose; what is indented stands on a line of its own
     * @param program first word of an example
     */
    static String render(List<String> lines, String program, int width) {
        StringBuilder text = new StringBuilder();
        List<String> prose = new ArrayList<>();
        for (String line : lines) {
            if (!line.isEmpty() && !line.startsWith(" ")) {
                prose.add(line);
                continue;
            }
            endParagraph(prose, width, text);
            text.append(line.strip().startsWith(program + " ") ? command(line, width) : line)
                    .append('\n');
        }
        endParagraph(prose, width, text);
        return text.toString();
    }

    private static void endParagraph(List<String> prose, int width, StringBuilder text) {
        if (!prose.isEmpty()) {
            text.append(Paragraph.wrap(String.join(" ", prose), width)).append('\n');
            prose.clear();
        }
    }

    private static String command(String line, int width) {
        if (line.length() <= width) {
            return line;
        }
        StringBuilder text = new StringBuilder();
        StringBuilder current = new StringBuilder("  ");
        boolean first = true;
        Matcher words = WORD.matcher(line);
        while (words.find()) {
            boolean fits = current.length() + 1 + words.group().length() + CONTINUED.length() <= width;
            if (!first && !fits) {
                text.append(current).append(CONTINUED).append('\n');
                current.setLength(0);
                current.append(DEEPER);
                first = true;
            }
            current.append(first ? "" : " ").append(words.group());
            first = false;
        }
        return text.append(current).toString();
    }
}
