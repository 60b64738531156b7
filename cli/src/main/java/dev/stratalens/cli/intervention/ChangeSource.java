package dev.stratalens.cli.intervention;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerProgress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.cli.selection.LensOptions;
import dev.stratalens.cli.source.PromptOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A prompt that is changed, the model that reads it, and what is read of both passes. */
final class ChangeSource {

    @Mixin
    PromptOptions prompt = new PromptOptions();

    @ArgGroup(validate = false, heading = "%nWhat to read (10 predictions a cell at least):%n")
    LensOptions lens = new LensOptions();

    @Option(
            names = "--against",
            paramLabel = "TOKEN",
            description = "Also tell how far the first --target's logit is ahead of this one's.")
    @Nullable
    String against;

    /** Computes both passes. */
    LensResult read(Intervention intervention, Console console, Installation installation) throws IOException {
        if (!lens.sites.isEmpty()) {
            throw CliException.usage("--sites: passes are compared layer by layer. Leave it out.");
        }
        if (lens.lenses.size() > 1) {
            throw CliException.usage("--lens: passes are compared through one lens. Leave one out.");
        }
        String text = prompt.read(console);
        Metric[] metrics = metrics();
        return prompt.ask(console, installation, (connection, progress) -> {
            LensRequest request = lens
                    .request(
                            prompt.chat.prompt(text),
                            prompt.chat.specialTokens(lens.noSpecialTokens),
                            connection.model())
                    .toBuilder()
                    .topK(Math.max(LensSettings.LEAST_COMPARED, lens.topK))
                    .exact()
                    .intervention(intervention)
                    .withEffect(metrics)
                    .withUnchanged()
                    .build();
            try (LensStream stream = connection.client().stream(request)) {
                return stream.onProgress(state -> ServerProgress.show(state, "", progress))
                        .result();
            }
        });
    }

    /** Of each named target its log-probability, how far the first is ahead of the other, and how far the output moves. */
    private Metric[] metrics() {
        List<LensTarget> named = lens.targets.stream()
                .map(TargetSyntax::parse)
                .filter(target -> !target.dependsOnPosition())
                .toList();
        List<Metric> metrics =
                new ArrayList<>(named.stream().map(Metric::logProbability).toList());
        if (against != null) {
            if (named.isEmpty()) {
                throw CliException.usage("--against needs a --target that is a token.");
            }
            metrics.add(Metric.logitDifference(named.get(0), TargetSyntax.parse(against)));
        }
        metrics.add(Metric.klFromUnchanged());
        return metrics.toArray(Metric[]::new);
    }
}
