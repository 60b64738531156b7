package dev.stratalens.cli.analysis;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.analysis.FollowedTokens;
import dev.stratalens.report.analysis.TargetGroup;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds in a result what was asked for: all of it in one that was computed for it, perhaps less in a saved one. */
public final class Targets {

    private Targets() {}

    /** Every target of a result. */
    public static List<FollowedTokens> all(LensResult result) {
        return IntStream.range(0, result.targets().size())
                .mapToObj(index -> FollowedTokens.target(result, index))
                .toList();
    }

    /**
     * Targets with their ranks.
     *
     * @throws CliException if one was no target when the result was computed
     */
    public static FollowedTokens ranked(LensResult result, TargetGroup group) {
        return FollowedTokens.of(result, group)
                .orElseThrow(() -> CliException.usage(
                        "\"%s\" was not followed when this result was computed: it has %s. Compute it again with --target."
                                .formatted(group.name(), named(result))));
    }

    /**
     * Targets, or else tokens that were tracked.
     *
     * @throws CliException if one is neither
     */
    public static FollowedTokens known(LensResult result, TargetGroup group) {
        return FollowedTokens.of(result, group).orElseGet(() -> tracked(result, group));
    }

    private static FollowedTokens tracked(LensResult result, TargetGroup group) {
        List<Token> tokens = result.vocabulary().values().stream()
                .filter(token -> group.members().stream().anyMatch(member -> isSame(token, member)))
                .toList();
        return tokens.isEmpty() ? ranked(result, group) : FollowedTokens.tracked(result, group.name(), tokens);
    }

    private static boolean isSame(Token token, LensTarget member) {
        return (member instanceof LensTarget.Text text && text.text().equals(token.text()))
                || (member instanceof LensTarget.TokenId id && id.id() == token.id());
    }

    private static String named(LensResult result) {
        List<TargetInfo> targets = result.targets();
        return targets.isEmpty()
                ? "no targets"
                : targets.stream()
                        .map(info -> '"' + TargetGroup.name(info.target()) + '"')
                        .collect(Collectors.joining(", "));
    }
}
