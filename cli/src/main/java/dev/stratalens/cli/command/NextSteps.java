package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.engine.error.PrintableText;
import java.io.PrintWriter;
import java.util.List;

/** Three commands that lead on from a first heat map. */
public record NextSteps(String command, LensResult result) {

    private static final int LONGEST_PROMPT = 60;

    public void print(Console console) {
        PrintWriter out = console.writer();
        out.printf("%n%s%n", console.scale().bold("Try next"));
        for (String[] step : steps()) {
            out.printf("  %s%n    %s%n", step[0], console.scale().faint(step[1]));
        }
        out.flush();
    }

    private List<String[]> steps() {
        String analyze = "%s analyze %s".formatted(command, quoted(prompt()));
        int last = result.positions().get(result.positions().size() - 1);
        String answer = result.finalTop(last).token().text();
        return List.of(
                new String[] {analyze + " --positions last --top-k 8", "the runners-up after the last token"},
                new String[] {analyze + " --target " + quoted(answer), "a word's rank and probability in every layer"},
                result.model().name().equals(LocalModel.DEMO)
                        ? new String[] {command + " analyze --model DIR \"...\"", "your own checkpoint directory"}
                        : new String[] {analyze + " --output lens.json", "everything, lossless, for programs"});
    }

    private String prompt() {
        String prompt = result.prompt().orElse("");
        return prompt.length() <= LONGEST_PROMPT && prompt.indexOf('\n') < 0 ? prompt : "...";
    }

    /** Quoted for a shell, if a terminal can show it. */
    private static String quoted(String text) {
        if (!PrintableText.of(text).equals(text)) {
            return "...";
        }
        boolean plain = text.chars().noneMatch(c -> "\"$`\\!".indexOf(c) >= 0);
        return plain ? '"' + text + '"' : "'" + text.replace("'", "'\\''") + "'";
    }
}
