package dev.stratalens.cli.selection;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.report.analysis.TargetGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which tokens to follow. */
public class TargetOptions {

    public static final String HEADING = "%nWhich tokens:%n";

    /** As many as a request takes. */
    private static final int MOST_TARGETS = 32;

    @Option(
            names = "--target",
            paramLabel = "TOKEN",
            description = "A token to follow: next (the prompt's own), final-top (the prediction), id:N, text:T, or a"
                    + " text such as \" Paris\". May be given several times.")
    List<String> targets = new ArrayList<>();

    @Option(
            names = "--variants",
            description = "Follow each --target in all its spellings, with and without a leading space, capitalized and"
                    + " in lower case, as one: summed probability, best rank.")
    public boolean variants;

    @Option(
            names = "--group",
            paramLabel = "TOKENS",
            description =
                    "Follow these tokens as one, separated by commas: \" Paris, Rome\". May be given several times.")
    public List<String> groups = new ArrayList<>();

    /** What was asked for, in the order of options; none if nothing was. */
    public final List<TargetGroup> groups() {
        return Stream.concat(
                        targets.stream().map(target -> group("--target", target)),
                        groups.stream().map(TargetOptions::sum))
                .toList();
    }

    /** What was asked for, else a default. */
    public final List<TargetGroup> groupsOr(LensTarget other) {
        List<TargetGroup> asked = groups();
        if (!asked.isEmpty()) {
            return asked;
        }
        if (variants) {
            throw CliException.usage("--variants needs a --target whose spellings it can vary, such as \" Paris\".");
        }
        return List.of(TargetGroup.of(other));
    }

    /** Everything to ask for, each once. */
    public static List<LensTarget> members(List<TargetGroup> groups) {
        List<LensTarget> members = groups.stream()
                .flatMap(group -> group.members().stream())
                .distinct()
                .toList();
        if (members.size() > MOST_TARGETS) {
            throw CliException.usage("%d tokens to follow, counting every spelling; a request takes %d. Name fewer."
                    .formatted(members.size(), MOST_TARGETS));
        }
        return members;
    }

    /** A token, or its spellings. */
    final TargetGroup group(String option, String typed) {
        PromptInput.refuseMangled(typed, System.getProperty("sun.jnu.encoding", "UTF-8"));
        LensTarget target = TargetSyntax.parse(typed);
        if (!variants) {
            return TargetGroup.of(target);
        }
        if (target instanceof LensTarget.Text text && !text.text().isBlank()) {
            return TargetGroup.variantsOf(text.text());
        }
        throw CliException.usage(
                "--variants: %s %s has no spellings; name a word, such as \" Paris\".".formatted(option, typed));
    }

    private static TargetGroup sum(String typed) {
        PromptInput.refuseMangled(typed, System.getProperty("sun.jnu.encoding", "UTF-8"));
        List<LensTarget> members =
                Stream.of(typed.split(",", -1)).map(TargetSyntax::parse).toList();
        return new TargetGroup(typed, members);
    }
}
