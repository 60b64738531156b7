package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links of the pages lead to files and headings that exist, and those of SECURITY.md to tests that do. */
class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\(([^)\\s]+)\\)");
    private static final Pattern TEST = Pattern.compile("(\\w+Test)(?:\\.(\\w+))?");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Path SECURITY = CliRun.ROOT.resolve("SECURITY.md");

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(SECURITY));
        for (String name : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md")) {
            pages.add(CliRun.ROOT.resolve(name));
        }
        try (Stream<Path> docs = Files.list(CliRun.ROOT.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (MatchResult link : links(page)) {
            if (!link.group(2).matches("[a-z]+:.*") && !exists(page, link.group(2))) {
                broken.add(link.group());
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void theSiteHasEveryPage() throws IOException {
        String site = Files.readString(CliRun.ROOT.resolve("deploy/site/mkdocs.yml"));
        List<String> left = pages().stream()
                .map(page -> CliRun.ROOT.relativize(page).toString())
                .filter(page -> !Pattern.compile("(?m)^ +- (.*: )?" + Pattern.quote(page) + "$")
                        .matcher(site)
                        .find())
                .toList();
        assertEquals(List.of(), left, "add them to the navigation in deploy/site/mkdocs.yml");
    }

    @Test
    void everyPromiseOfSecurityHasATest() throws IOException {
        List<String> promises = Files.readAllLines(SECURITY).stream()
                .dropWhile(line -> !line.equals("## What is promised"))
                .filter(line -> line.startsWith("| ") && !line.equals("| promise | test |"))
                .toList();
        assertTrue(promises.size() > 20, promises.toString());
        for (String promise : promises) {
            List<MatchResult> tests = LINK.matcher(promise).results().toList();
            assertTrue(!tests.isEmpty(), promise);
            for (MatchResult link : tests) {
                MatchResult test =
                        TEST.matcher(link.group(1)).results().findFirst().orElseThrow();
                assertEquals(test.group(), link.group(1));
                assertTrue(link.group(2).endsWith("/" + test.group(1) + ".java"), link.group());
                String source = Files.readString(CliRun.ROOT.resolve(link.group(2)));
                assertTrue(test.group(2) == null || source.contains("void %s(".formatted(test.group(2))), link.group());
            }
        }
    }

    private static List<MatchResult> links(Path page) throws IOException {
        String text = Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
        return LINK.matcher(text).results().toList();
    }

    private static boolean exists(Path page, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /** As they are made of headings where the pages are shown. */
    private static List<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
