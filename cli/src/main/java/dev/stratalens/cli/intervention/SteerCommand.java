package dev.stratalens.cli.intervention;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.Intervention;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code steer}: rows moved along a direction, and what follows. */
@Command(
        name = "steer",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Moves rows of a model's computation along a direction, and shows the lens with and without the change.",
            "The direction is that of a token, the difference of prompts, or a vector. With --remove it is taken away."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} steer \"The capital of France is\" --toward \" Rome\" --at-layers 2 --strength 0.5",
            "  ${ROOT-COMMAND-NAME} steer \"The dog is\" --more \"The sky is blue\" --less \"The sky is\" --at-layers 1",
            "  ${ROOT-COMMAND-NAME} steer \"The capital of France is\" --toward \" Paris\" --remove --at-layers 0-last"
                    + " --at-positions last --target \" Paris\""
        })
public final class SteerCommand extends ChangeCommand {

    private static final String ALL = "all";

    @ArgGroup(validate = false, heading = SteeringOptions.HEADING)
    SteeringOptions steering = new SteeringOptions();

    public SteerCommand(Console console, Installation installation) {
        super("steer", console, installation);
    }

    @Override
    Intervention intervention() throws IOException {
        return Intervention.of(rows.rows(null, ALL), steering.operation(source.prompt.chat));
    }

    @Override
    String change() {
        return "%s, %s".formatted(rows.inWords(ALL, ALL), steering.inWords());
    }
}
