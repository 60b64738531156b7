package dev.stratalens.report.page;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The HTML page. Heads and script come first, so that the page is drawn while a browser still reads the rest. The
 * script is packed, too; a short script unpacks it. The page's policy allows only its own scripts and style, by their
 * hashes: no request, no other script.
 *
 * @param title the document's title, also shown above a single result
 * @param theme its name in the viewer's state
 * @param results one, two that are linked, or all lenses of one run
 * @param origin what the page's pictures and tables say of its date and version
 */
public record ReportPage(String title, String theme, List<LensResult> results, PageOrigin origin) {

    /** Copies the list. */
    public ReportPage {
        results = List.copyOf(results);
    }

    /** Writes the page; flushes, does not close. */
    public void write(Writer out) throws IOException {
        String style = resource("report.css");
        String script = resource("report.js");
        String loader = resource("load.js");
        out.write("""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src %s %s; \
            style-src %s; img-src data: blob:; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>%s</title>
            <link rel="icon" href="data:,">
            """.formatted(hash(loader), hash(script), hash(style), escaped(title)));
        out.write("<style>" + style + "</style>\n</head>\n<body>\n");
        out.write("<noscript>This page draws its data with JavaScript, which is switched off here.</noscript>\n");
        out.write("<script type=\"application/json\" id=\"report\">" + options() + "</script>\n");
        List<ResultBlock> blocks = results.stream().map(ResultBlock::new).toList();
        for (int i = 0; i < blocks.size(); i++) {
            part(out, "result-" + i + "-head", blocks.get(i).head());
        }
        part(out, "script", Packed.text(script.getBytes(StandardCharsets.UTF_8)));
        out.write("<script>" + loader + "</script>\n");
        for (int i = 0; i < blocks.size(); i++) {
            page(out, i, blocks.get(i), blocks.get(i).pages() - 1); // the view starts there
        }
        for (int i = 0; i < blocks.size(); i++) {
            for (int page = 0; page < blocks.get(i).pages() - 1; page++) {
                page(out, i, blocks.get(i), page);
            }
        }
        out.write("</body>\n</html>\n");
        out.flush();
    }

    private static void page(Writer out, int result, ResultBlock block, int page) throws IOException {
        part(out, "result-" + result + "-page-" + page, block.page(page));
    }

    private static void part(Writer out, String id, String text) throws IOException {
        out.write("<script type=\"application/octet-stream\" id=\"" + id + "\">" + text + "</script>\n");
    }

    private String options() throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.setHtmlSafe(true); // no < that could end the element
        json.beginObject();
        json.name("title").value(title);
        json.name("theme").value(theme);
        json.name("results").value(results.size());
        origin.write(json.name("origin"));
        json.endObject();
        return text.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the library's resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
