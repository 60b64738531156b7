package dev.stratalens.cli.command;

import dev.stratalens.cli.analysis.AnalysisReport;
import dev.stratalens.cli.analysis.AttributionReport;
import dev.stratalens.cli.analysis.AttributionView;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.cli.selection.AnalysisSelection;
import dev.stratalens.cli.selection.AnalysisSelection.Needs;
import dev.stratalens.cli.selection.TargetOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.Attribution;
import dev.stratalens.client.result.LensResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attribute}: which parts of the model write toward a target. */
@Command(
        name = "attribute",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Shows how much each block and each attention head writes toward a token's logit.",
            "A logit is the sum of what the embedding, the branches of all blocks and the biases write, with the final"
                    + " norm's scale as it is at the position. With --against the difference of two logits is divided."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} attribute \"The capital of France is\"",
            "  ${ROOT-COMMAND-NAME} attribute \"The capital of France is\" --target \" Paris\" --against \" Rome\"",
            "  ${ROOT-COMMAND-NAME} attribute \"The capital of France is\" --output heads.svg",
            "  ${ROOT-COMMAND-NAME} attribute \"The capital of France is\" --format json"
        })
public final class AttributeCommand extends AnalysisCommand {

    @ArgGroup(validate = false, heading = AnalysisSelection.HEADING)
    AnalysisSelection.Last selection = new AnalysisSelection.Last();

    @ArgGroup(validate = false, heading = TargetOptions.HEADING)
    Tokens tokens = new Tokens();

    /** Which tokens' logits are divided. */
    static final class Tokens {

        @Option(
                names = "--target",
                paramLabel = "TOKEN",
                description =
                        "The token: final-top (the prediction, the default), next (the prompt's own), id:N, text:T, or"
                                + " a text such as \" Paris\". May be given several times.")
        List<String> targets = new ArrayList<>();

        @Option(
                names = "--against",
                paramLabel = "TOKEN",
                description = "Divide how far each target's logit is ahead of this one's.")
        @Nullable
        String against;

        private static LensTarget parse(String typed) {
            PromptInput.refuseMangled(typed, System.getProperty("sun.jnu.encoding", "UTF-8"));
            return TargetSyntax.parse(typed);
        }

        private List<LensTarget> targets() {
            return targets.isEmpty()
                    ? List.of(LensTarget.finalTop())
                    : targets.stream().map(Tokens::parse).distinct().toList();
        }

        private Optional<LensTarget> against() {
            return Optional.ofNullable(against).map(Tokens::parse);
        }
    }

    public AttributeCommand(Console console, Installation installation) {
        super("attribute", console, installation);
    }

    @Override
    AnalysisSelection selection() {
        List<LensTarget> all = new ArrayList<>(tokens.targets());
        tokens.against().ifPresent(against -> {
            if (all.contains(against)) {
                throw CliException.usage(
                        "--against: %s is the --target; name another token.".formatted(tokens.against));
            }
            all.add(against);
        });
        return selection.needing(Needs.attribution(all));
    }

    @Override
    AnalysisReport report(LensResult result, List<Integer> positions) {
        Attribution attribution = result.attribution()
                .orElseThrow(() -> CliException.usage(
                        "a saved result has no attribution; run `attribute` with the prompt and the model."));
        return new AttributionReport(
                result,
                tokens.targets().stream()
                        .map(target -> new AttributionView(result, attribution, target, tokens.against()))
                        .toList(),
                positions);
    }
}
