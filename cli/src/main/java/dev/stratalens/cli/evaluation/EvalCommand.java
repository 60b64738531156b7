package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.command.ConsoleCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code eval}: how well lenses read. */
@Command(
        name = "eval",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Measures how well lenses read: on a corpus, against the text and the model's own output; on questions, by",
            "the words that should appear on the way to the answer."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} eval corpus corpus.txt --lens-file tuned=models/demo/lenses/tuned.safetensors",
            "  ${ROOT-COMMAND-NAME} eval questions docs/examples/questions.jsonl --layers 0-7"
        })
public final class EvalCommand extends ConsoleCommand {

    public EvalCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() {
        throw CliException.usage("eval needs a command: corpus or questions.");
    }
}
