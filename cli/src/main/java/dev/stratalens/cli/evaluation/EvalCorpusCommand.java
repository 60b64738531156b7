package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.output.OutputFile;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.report.evaluation.AggregateMetrics;
import dev.stratalens.report.evaluation.EvaluationMeasure;
import dev.stratalens.report.evaluation.EvaluationSums;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code eval corpus}: lenses against the text and the model's output. */
@Command(
        name = "corpus",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Measures lenses on documents: cross-entropy of the text's next token, KL from the model's output, entropy,",
            "and how often the best token is the model's own, by layer, in nats per token and bits per byte. At the last",
            "layer, the logit lens is the model's own output."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} eval corpus corpus.txt",
            "  ${ROOT-COMMAND-NAME} eval corpus corpus.jsonl --server localhost:50061 --lens logit --lens tuned --sums sums.json",
            "  ${ROOT-COMMAND-NAME} eval corpus corpus.jsonl --by kl-from-final --output kl.svg",
            "",
            "A document is a line of a .txt file, or the \"text\" of a JSON object. A document of more tokens than --length",
            "is read in pieces. Intervals are normal ones over documents, whose tokens depend on each other. Exit code 6:",
            "done, but some documents failed."
        })
public final class EvalCorpusCommand extends EvaluatingCommand {

    private static final String TUNED = "tuned";

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "Most tokens that are read at once (default: 1024, or the model's context).")
    @Nullable
    Integer length;

    @Option(
            names = "--skip",
            paramLabel = "N",
            description = "Leave out the first N positions (default: what the fitting of any of the lenses left out).")
    @Nullable
    Integer skip;

    @Option(
            names = "--aggregate-metrics",
            paramLabel = "FILE",
            description =
                    "Also write the aggregate_metrics.json of tuned-lens: of the logit lens and of one fitted lens.")
    @Nullable
    Path aggregateMetrics;

    private static final int USUAL_LENGTH = 1024;

    public EvalCorpusCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws IOException {
        if (aggregateMetrics != null) {
            if (!lens.isEveryLayer()) {
                throw CliException.usage("--aggregate-metrics has every layer; leave out --layers.");
            }
            lens.includeEmbedding();
        }
        return evaluate();
    }

    @Override
    EvaluationTask task(ModelFacts model) {
        List<Lens> lenses = lens.lenses(model);
        int longest = length == null ? Math.min(USUAL_LENGTH, model.contextLength()) : length;
        int left = skip == null ? leftOut(model, lenses) : skip;
        if (longest < 2 || longest > model.contextLength()) {
            throw CliException.usage(
                    "--length: %d is outside 2 .. %d, the model's context.".formatted(longest, model.contextLength()));
        }
        if (left < 0 || left >= longest - 1) {
            throw CliException.usage("--skip: %d is outside 0 .. %d; nothing would be left of %d tokens."
                    .formatted(left, longest - 2, longest));
        }
        if (aggregateMetrics != null && fitted(lenses).size() > 1) {
            throw CliException.usage(
                    "--aggregate-metrics has one fitted lens, and there are %d; name it by --lens, with logit."
                            .formatted(fitted(lenses).size()));
        }
        if (aggregateMetrics != null && !lenses.contains(Lens.logit())) {
            throw CliException.usage("--aggregate-metrics has the logit lens; give --lens logit, too.");
        }
        return new CorpusTask(lens, lenses, longest, left);
    }

    /** All lenses are compared at positions that each was fitted for. */
    private static int leftOut(ModelFacts model, List<Lens> lenses) {
        return (int) model.lenses().stream()
                .filter(known -> lenses.contains(Lens.transport(known.name())))
                .mapToLong(LensInfo::skippedPositions)
                .max()
                .orElse(0);
    }

    private static List<Lens> fitted(List<Lens> lenses) {
        return lenses.stream().filter(each -> each.map().isPresent()).toList();
    }

    @Override
    void check(BatchPrompt prompt) {
        if (!(prompt.prompt() instanceof Prompt.Text)) {
            throw CliException.usage("a document is a text, not token_ids, because bytes of text are counted.");
        }
    }

    @Override
    List<EvaluationMeasure> measures() {
        return EvaluationMeasure.OF_CORPUS;
    }

    @Override
    String words(EvaluationSums evaluated) {
        return String.format(
                Locale.ROOT,
                "%,d documents, %,d tokens, %,d bytes",
                evaluated.units(),
                evaluated.tokens(),
                evaluated.bytes());
    }

    @Override
    void writeMore(EvaluationTask task, ModelFacts facts, EvaluationSums evaluated) throws IOException {
        if (aggregateMetrics == null) {
            return;
        }
        Map<String, Lens> lenses = new LinkedHashMap<>(Map.of(Lens.logit().name(), Lens.logit()));
        fitted(evaluated.lenses()).forEach(each -> lenses.put(TUNED, each));
        new OutputFile(aggregateMetrics)
                .write(out -> AggregateMetrics.write(evaluated, facts.info().layers(), lenses, out));
    }
}
