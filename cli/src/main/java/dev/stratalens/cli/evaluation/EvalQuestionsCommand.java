package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.selection.TargetOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.report.evaluation.EvaluationMeasure;
import dev.stratalens.report.evaluation.EvaluationSums;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code eval questions}: whether words appear on the way to the answer. */
@Command(
        name = "questions",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Measures whether lenses show words on the way to the answer: their best rank over the layers, and how often",
            "they are among the k best tokens, at each layer and at any."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} eval questions docs/examples/questions.jsonl",
            "  ${ROOT-COMMAND-NAME} eval questions docs/examples/questions.jsonl --layers 0-6 --positions all --pass 1,10",
            "",
            "A line of questions.jsonl; its targets are the words that should appear, not the answer:",
            "  {\"text\": \"The currency of the country whose capital is Paris is the\",",
            "   \"targets\": [\" France\"]}   (on one line)",
            "A word that the vocabulary does not have counts with its first token. Words of a question count equally.",
            "Intervals are normal ones over questions. Exit code 6: done, but some questions failed."
        })
public final class EvalQuestionsCommand extends EvaluatingCommand {

    @Option(
            names = "--positions",
            paramLabel = "POSITIONS",
            defaultValue = "last",
            description = "Tokens at which a word may appear, written as layers are (default: last).")
    String positions = "last";

    @Option(
            names = "--pass",
            paramLabel = "K",
            split = ",",
            defaultValue = "1,5,10,100",
            description = "Count words among the K best tokens (default: 1,5,10,100).")
    List<Integer> passes = List.of();

    @Option(
            names = "--variants",
            description =
                    "A word counts in all its spellings: with and without a leading space, capitalized and in lower case.")
    boolean variants;

    public EvalQuestionsCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        for (int k : passes) {
            if (k < 1) {
                throw CliException.usage("--pass: %d is below 1, the best token.".formatted(k));
            }
        }
        return evaluate();
    }

    @Override
    EvaluationTask task(ModelFacts model) {
        return new QuestionTask(lens, lens.lenses(model), positions, variants, List.copyOf(passes));
    }

    @Override
    void check(BatchPrompt prompt) {
        if (prompt.settings().targets().isEmpty()) {
            throw CliException.usage(
                    "a question has \"targets\": the words that should appear on the way, such as [\" France\"].");
        }
        TargetOptions.members(QuestionTask.words(prompt, variants));
    }

    @Override
    List<EvaluationMeasure> measures() {
        return Stream.concat(passes.stream().map(EvaluationMeasure::passAt), Stream.of(EvaluationMeasure.RANK))
                .toList();
    }

    @Override
    String words(EvaluationSums evaluated) {
        return String.format(Locale.ROOT, "%,d questions", evaluated.units());
    }
}
