package dev.stratalens.cli.intervention;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.Intervention;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code patch}: rows replaced, and what moves. */
@Command(
        name = "patch",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Replaces rows of a model's computation, and shows the lens with and without the change.",
            "The rows come from another prompt, or are set to zeros or a mean, scaled, or skip their block."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} patch \"The capital of France is\" --from \"The capital of Italy is\" --at-layers 2"
                    + " --at-positions 3",
            "  ${ROOT-COMMAND-NAME} patch \"The capital of France is\" --site feed-forward-output --zero --at-layers 0-2"
                    + " --at-positions last --target \" Paris\"",
            "  ${ROOT-COMMAND-NAME} patch \"The capital of X is\" --from \"France\" --from-positions last --from-layer 1"
                    + " --at-layers 0 --at-positions 3 --output scope.html"
        })
public final class PatchCommand extends ChangeCommand {

    private static final String LAST = "last";

    @ArgGroup(validate = false, heading = ReplacementOptions.HEADING)
    ReplacementOptions replacement = new ReplacementOptions();

    public PatchCommand(Console console, Installation installation) {
        super("patch", console, installation);
    }

    @Override
    Intervention intervention() {
        return Intervention.of(rows.rows(null, LAST), replacement.operation(source.prompt.chat));
    }

    @Override
    String change() {
        return "%s, %s".formatted(rows.inWords("all", LAST), replacement.inWords());
    }
}
