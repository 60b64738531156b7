package dev.stratalens.report.analysis;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Followed tokens that were targets of the request: every cell has their ranks and log-probabilities. */
record FollowedTargets(LensResult result, String name, List<Integer> indexes, List<TargetInfo> leftOut)
        implements FollowedTokens {

    FollowedTargets {
        indexes = List.copyOf(indexes);
        leftOut = List.copyOf(leftOut);
    }

    /** The same target in the request, else an id that the request gave as a text, or the other way round. */
    static OptionalInt index(LensResult result, LensTarget wanted) {
        return IntStream.range(0, result.targets().size())
                .filter(index -> isSame(result.targets().get(index), wanted))
                .findFirst();
    }

    private static boolean isSame(TargetInfo info, LensTarget wanted) {
        if (info.target().equals(wanted)) {
            return true;
        }
        if (info.tokens().size() != 1) {
            return false;
        }
        Token token = info.tokens().get(0);
        return (wanted instanceof LensTarget.TokenId id && id.id() == token.id())
                || (wanted instanceof LensTarget.Text text && text.text().equals(token.text()));
    }

    /** Whether the requested text is one token, and not only begins with it. */
    static boolean isWhole(TargetInfo info) {
        return !(info.target() instanceof LensTarget.Text text)
                || (info.tokens().size() == 1 && info.tokens().get(0).text().equals(text.text()));
    }

    @Override
    public List<TargetInfo> targets() {
        return indexes.stream().map(result.targets()::get).toList();
    }

    @Override
    public List<Token> tokens(int position) {
        return members(position)
                .map(target -> result.token(result.targetToken(target, position).orElseThrow()))
                .toList();
    }

    @Override
    public OptionalDouble logProb(int layer, int position) {
        return LogSum.of(members(position)
                .mapToDouble(
                        target -> result.targetLogProb(target, layer, position).orElseThrow()));
    }

    @Override
    public OptionalInt rank(int layer, int position) {
        return members(position)
                .mapToInt(target -> result.rank(target, layer, position).orElseThrow())
                .min();
    }

    /** The targets that have a token here, each token once. */
    private Stream<LensTarget> members(int position) {
        Set<OptionalInt> seen = new HashSet<>(Set.of(OptionalInt.empty()));
        return targets().stream()
                .map(TargetInfo::target)
                .filter(target -> seen.add(result.targetToken(target, position)));
    }
}
