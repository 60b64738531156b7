package dev.stratalens.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of README or of a page in docs.
 *
 * @param page from the root of the project
 * @param language behind the fence; may be empty
 * @param text between the fences
 */
record PageBlock(String page, String language, String text) {

    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    static List<PageBlock> all() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(CliRun.ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(CliRun.ROOT.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        List<PageBlock> blocks = new ArrayList<>();
        for (Path page : pages) {
            Matcher found = BLOCK.matcher(Files.readString(page));
            while (found.find()) {
                blocks.add(new PageBlock(CliRun.ROOT.relativize(page).toString(), found.group(1), found.group(2)));
            }
        }
        return blocks;
    }

    /** The words behind the first one of a command. */
    static List<String> arguments(String line) {
        Matcher words = WORD.matcher(line.replaceFirst("\\s+#.*", ""));
        List<String> arguments = new ArrayList<>();
        while (words.find()) {
            arguments.add(words.group(1) == null ? words.group(2) : words.group(1));
        }
        return arguments.subList(1, arguments.size());
    }

    String firstLine() {
        return text.lines().findFirst().orElse("");
    }

    /** Commands with what they print. */
    boolean isTranscript() {
        return language.equals("text") && text.startsWith("$ ") && !text.startsWith("$ python ");
    }

    /** Commands of this program. */
    boolean isCommands() {
        return language.equals("sh") && text.startsWith("./stratalens ");
    }

    @Override
    public String toString() {
        return page + ": " + firstLine();
    }
}
