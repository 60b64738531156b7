import dev.stratalens.report.page.HtmlReport;
import dev.stratalens.report.file.LensJson;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes reports by the SDK, as a user would: each argument is {@code OUTPUT|THEME|NATIVE_JSON[|NATIVE_JSON]}. */
final class WriteReports {

    public static void main(String[] reports) throws IOException {
        for (String report : reports) {
            String[] words = report.split("\\|");
            LensResult first = read(words[2]);
            HtmlReport.Builder builder =
                    words.length > 3 ? HtmlReport.compare(first, read(words[3])) : HtmlReport.lenses(first);
            builder.theme(HtmlReport.Theme.valueOf(words[1].toUpperCase(Locale.ROOT)));
            builder.build().write(Path.of(words[0]));
        }
    }

    private static LensResult read(String file) throws IOException {
        try (Reader in = Files.newBufferedReader(Path.of(file))) {
            return LensJson.read(in);
        }
    }
}
