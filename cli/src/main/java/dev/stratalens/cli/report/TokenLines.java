package dev.stratalens.cli.report;

import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.engine.error.PrintableText;
import java.io.PrintWriter;
import java.util.Locale;

/** Generated tokens for people: a line for each as it comes, and at the end the text. */
public final class TokenLines {

    private final PrintWriter out;
    private final HeatScale scale;

    public TokenLines(PrintWriter out, HeatScale scale) {
        this.out = out;
        this.scale = scale;
    }

    /** A sentence before the tokens. */
    public void note(String sentence) {
        out.println(PrintableText.lines(sentence));
        out.println();
    }

    /** The line above the tokens. */
    public void head() {
        out.println(scale.bold("   pos  settled      p  token"));
        out.flush();
    }

    /** A token. */
    public void print(GeneratedToken token) {
        String settled =
                token.settledFrom().isPresent() ? "L" + token.settledFrom().getAsInt() : "-";
        out.println(String.format(
                Locale.ROOT,
                "%6d  %7s  %5.3f  %s%s",
                token.position(),
                settled,
                Math.exp(token.logProb()),
                PrintableText.of(token.token().display()),
                token.forced() ? "  (forced)" : ""));
        out.flush();
    }

    /** The text, and why it ended. */
    public void tail(GenerationResult result) {
        out.println();
        out.println(PrintableText.lines(result.text()));
        out.println();
        out.println(scale.faint(ending(result)));
        out.flush();
    }

    private static String ending(GenerationResult result) {
        int count = result.tokens().size();
        String why = switch (result.stopReason()) {
            case END_TOKEN -> "the model ended the text";
            case STOP_TEXT -> "a stop text came";
            case MAX_TOKENS -> "as many as were asked for";
            case OTHER -> "for a reason that this version does not know";
        };
        String seed = result.seed().isPresent()
                ? String.format(Locale.ROOT, ", seed %d", result.seed().getAsLong())
                : "";
        return "%d token%s: %s%s. settled: the layer from which on the lens had the token as its best."
                .formatted(count, count == 1 ? "" : "s", why, seed);
    }
}
