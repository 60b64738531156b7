package dev.stratalens.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.fake.RandomResult;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class HtmlReportTest {

    @TempDir
    Path folder;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPageKeepsEverythingThatTheResultSays(long seed) throws IOException {
        LensResult result = RandomResult.of(seed);
        String html = html(HtmlReport.of(result).build());
        assertEquals(result, inside(html, 0));
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @Test
    void aLongPromptIsKeptInSeveralPages() throws IOException {
        int[] ids = IntStream.range(0, 100).map(i -> i % 90).toArray();
        LensResult result = RandomResult.of(
                1,
                LensRequest.ofTokenIds(ids)
                        .target(LensTarget.nextToken(), LensTarget.id(7))
                        .statistics(Statistic.all().toArray(Statistic[]::new))
                        .build());
        String html = html(HtmlReport.of(result).build());
        assertTrue(html.contains("id=\"result-0-page-3\""), "4 pages");
        assertEquals(result, inside(html, 0));
    }

    @Test
    void twoResultsAreKeptForComparison() throws IOException {
        LensResult left = RandomResult.of(1);
        LensResult right = RandomResult.of(2);
        String html = html(HtmlReport.compare(left, right).build());
        assertEquals(left, inside(html, 0));
        assertEquals(right, inside(html, 1));
    }

    @Test
    void textsCannotLeaveTheirPlace() throws IOException {
        String hostile = "</title></script><script>alert(1)</script><!--&\"'";
        LensResult result = RandomResult.of(1, LensRequest.of(hostile).build());
        for (HtmlReport report : new HtmlReport[] {
            HtmlReport.of(result).build(), HtmlReport.of(result).title(hostile).build()
        }) {
            String html = html(report);
            assertFalse(html.contains("alert(1)</script>"), html);
            assertFalse(html.contains("<!--"), "no comment");
            assertTrue(html.contains(
                    "<title>&lt;/title>&lt;/script>&lt;script>alert(1)&lt;/script>&lt;!--&amp;\"'</title>"));
            assertEquals(result, inside(html, 0));
        }
    }

    @Test
    void thePolicyAllowsTheScriptAndTheStyleThatAreThereAndNothingElse() throws IOException {
        String html = html(HtmlReport.of(RandomResult.of(1)).build());
        assertEquals(
                "default-src 'none'; script-src " + hash(find("<script>(.*?)</script>", html)) + " "
                        + hash(ReportFile.script(html)) + "; style-src " + hash(find("<style>(.*?)</style>", html))
                        + "; img-src data: blob:; base-uri 'none'; form-action 'none'",
                find("http-equiv=\"Content-Security-Policy\" content=\"(.*?)\"", html));
        assertTrue(html.indexOf("Content-Security-Policy") < html.indexOf("<style>"), "the policy comes first");
        Matcher links = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(html);
        while (links.find()) {
            assertEquals("data:,", links.group(1));
        }
    }

    @Test
    void titleAndThemeAreThoseThatWereChosen() throws IOException {
        LensResult result = RandomResult.of(1, LensRequest.of("p").build());
        LocalDate begun = today();
        String html = html(HtmlReport.of(result)
                .title("A <title>")
                .theme(HtmlReport.Theme.DARK)
                .build());
        assertEquals("A &lt;title>", find("<title>(.*?)</title>", html));
        LocalDate date = LocalDate.parse(find("\"date\":\"(.*?)\"", html));
        assertFalse(date.isBefore(begun) || date.isAfter(today()), date::toString);
        assertEquals(
                "{\"title\":\"A \\u003ctitle\\u003e\",\"theme\":\"dark\",\"results\":1,\"origin\":{\"date\":\""
                        + date + "\",\"version\":\""
                        + PageOrigin.today().version() + "\"}}",
                find("<script type=\"application/json\" id=\"report\">(.*?)</script>", html));
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneId.systemDefault());
    }

    @Test
    void thePageNamesTheVersionOfTheLibraryThatWroteIt() {
        assertTrue(
                PageOrigin.today().version().matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"),
                PageOrigin.today().version());
    }

    @Test
    void theTitleIsTheBeginningOfThePromptUnlessGiven() throws IOException {
        LensResult result =
                RandomResult.of(1, LensRequest.of("  \uD83D\uDE00".repeat(80)).build());
        String title = find("<title>(.*?)</title>", html(HtmlReport.of(result).build()));
        assertEquals(61, title.codePointCount(0, title.length()));
        assertTrue(title.startsWith("\uD83D\uDE00") && title.endsWith("…"), title);
        LensResult ofIds = RandomResult.of(1, LensRequest.ofTokenIds(1, 2).build());
        assertEquals(
                "tiny", find("<title>(.*?)</title>", html(HtmlReport.of(ofIds).build())));
    }

    @Test
    void ofSeveralLensesThePageHasOneAndSaysWhich() throws IOException {
        LensResult result = RandomResult.of(
                1, LensRequest.of("p").lenses(Lens.logit(), Lens.raw()).build());
        String html = html(HtmlReport.of(result.through(Lens.raw())).title("t").build());
        assertEquals("t, lens raw (of logit, raw)", find("<title>(.*?)</title>", html));
        LensResult shown = inside(html, 0);
        assertEquals(List.of(Lens.raw()), shown.lenses());
        assertEquals(result.through(Lens.raw()).topK(0, 0), shown.topK(0, 0));
    }

    @Test
    void aPageHasAllLensesOfAResult() throws IOException {
        LensResult result = RandomResult.of(
                1, LensRequest.of("p").lenses(Lens.logit(), Lens.raw()).build());

        String html = html(HtmlReport.lenses(result).title("t").build());

        assertEquals("t, lenses logit, raw", find("<title>(.*?)</title>", html));
        assertEquals(List.of(Lens.logit()), inside(html, 0).lenses());
        assertEquals(List.of(Lens.raw()), inside(html, 1).lenses());
        LensResult one = RandomResult.of(1, LensRequest.of("p").build());
        assertEquals(
                html(HtmlReport.of(one).title("t").build()),
                html(HtmlReport.lenses(one).title("t").build()));
    }

    @Test
    void aFileHoldsWhatAWriterGets() throws IOException {
        HtmlReport report =
                HtmlReport.of(RandomResult.of(1)).title("\u6771 \uD83D\uDE00").build();
        Path file = folder.resolve("lens.html");
        report.write(file);
        assertEquals(html(report), Files.readString(file));
    }

    private static LensResult inside(String html, int result) throws IOException {
        return LensJson.read(
                new StringReader(ReportFile.nativeJson(html, result).toString()));
    }

    private static String html(HtmlReport report) throws IOException {
        StringWriter out = new StringWriter();
        report.write(out);
        return out.toString();
    }

    private static String find(String pattern, String html) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(html);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
