package dev.stratalens.report.page;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMaps;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes results as one HTML file that shows them: heat map, trajectories, ranks. The file holds data, script and style, opens
 * offline from disk and sends no request. Immutable and thread-safe.
 *
 * <pre>{@code
 * HtmlReport.of(result).title("The capital of France").build().write(Path.of("lens.html"));
 * }</pre>
 */
public final class HtmlReport {

    /** Colors of the page; a reader can change them there. */
    public enum Theme {
        /** As set in the reader's system. */
        AUTO,
        /** Dark on light. */
        LIGHT,
        /** Light on dark. */
        DARK
    }

    /** Characters of a prompt that make a title. */
    private static final int TITLE_LENGTH = 60;

    private final ReportPage page;

    private HtmlReport(ReportPage page) {
        this.page = page;
    }

    /** A report of one result. */
    public static Builder of(LensResult result) {
        return new Builder(List.of(result));
    }

    /** A report of two results side by side, whose views move together. */
    public static Builder compare(LensResult left, LensResult right) {
        return new Builder(List.of(left, right));
    }

    /**
     * A report of all lenses of a result. The first two are side by side at first, and the reader chooses others; a result of one lens
     * is shown as by {@link #of}.
     */
    public static Builder lenses(LensResult result) {
        return new Builder(result.lenses().stream().map(result::through).toList());
    }

    /** Writes the page, which is UTF-8 and says so. Flushes the writer, does not close it. */
    public void write(Writer out) throws IOException {
        page.write(out);
    }

    /** Writes the page to a file, which is replaced if it exists. */
    public void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            page.write(out);
        }
    }

    /** Options of a report. Not thread-safe. */
    public static final class Builder {

        private final List<LensResult> results;
        private @Nullable String title;
        private Theme theme = Theme.AUTO;

        private Builder(List<LensResult> results) {
            this.results = results;
        }

        /**
         * The page's title; by default the beginning of the prompt, or the model's name if ids were sent. A single
         * result has it as its heading, too; of two results, each is under its own prompt, with what else tells them
         * apart. If a result has several lenses, the title ends with the shown one.
         */
        @CanIgnoreReturnValue
        public Builder title(String text) {
            title = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Colors of the page; by default as set in the reader's system. */
        @CanIgnoreReturnValue
        public Builder theme(Theme chosen) {
            theme = Objects.requireNonNull(chosen, "chosen");
            return this;
        }

        /** The report. */
        public HtmlReport build() {
            return new HtmlReport(new ReportPage(
                    (title == null ? defaultTitle(results.get(0)) : title) + lenses(),
                    theme.name().toLowerCase(Locale.ROOT),
                    results,
                    PageOrigin.today()));
        }

        /** Names of the shown lenses, if there are others. */
        private String lenses() {
            if (results.size() > 1 && results.size() == results.get(0).lenses().size() && isOneRun()) {
                return results.stream()
                        .map(result -> result.lens().name())
                        .collect(Collectors.joining(", ", ", lenses ", ""));
            }
            return results.stream()
                    .filter(result -> result.lenses().size() > 1)
                    .map(result -> ", " + HeatMaps.lensNote(result))
                    .distinct()
                    .collect(Collectors.joining());
        }

        private boolean isOneRun() {
            return results.stream()
                    .allMatch(result -> result.info().equals(results.get(0).info()));
        }

        private static String defaultTitle(LensResult result) {
            String line = result.prompt().orElse(result.model().name()).strip();
            return line.codePointCount(0, line.length()) <= TITLE_LENGTH
                    ? line
                    : line.substring(0, line.offsetByCodePoints(0, TITLE_LENGTH)) + "…";
        }
    }
}
