package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.message.ModelReader;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.TargetChunk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Puts target chunks together, and with the header makes what is known before the first layer. */
final class TargetReader {

    private final HeaderReader head;
    private final List<List<Token>> encodings;
    private final List<Prediction> finalTops = new ArrayList<>();
    private final List<List<OptionalInt>> ids;

    TargetReader(HeaderReader head) {
        this.head = head;
        encodings = head.header().getTargetsList().stream()
                .map(target -> head.texts().get(target.getTokenIdsList()))
                .toList();
        for (int target = 0; target < encodings.size(); target++) {
            checkEncoding(head.request().targets().get(target), encodings.get(target));
        }
        ids = IntStream.range(0, encodings.size())
                .<List<OptionalInt>>mapToObj(target -> new ArrayList<>())
                .toList();
    }

    boolean isComplete() {
        return finalTops.size() == head.positions().size();
    }

    /** What must come next, in words. */
    String expected() {
        return "targets from position index " + finalTops.size();
    }

    /** Vocabulary id of a target at a position of the stream; empty where there is none. */
    OptionalInt id(int target, int positionIndex) {
        return ids.get(target).get(positionIndex);
    }

    void add(TargetChunk chunk) {
        int first = chunk.getFirstPosition();
        int count = chunk.getPositionCount();
        int left = head.positions().size() - finalTops.size();
        require(
                first == finalTops.size() && count >= 1 && count <= left,
                "expected targets from position index %d, %d at most, but %d from index %d came",
                finalTops.size(),
                left,
                count,
                first);
        int targets = encodings.size();
        require(
                chunk.getFinalTopIdsCount() == count
                        && chunk.getFinalTopLogProbsCount() == count
                        && chunk.getTargetIdsCount() == (long) count * targets,
                "%d targets at %d positions came with %d final ids, %d log-probabilities and %d target ids",
                targets,
                count,
                chunk.getFinalTopIdsCount(),
                chunk.getFinalTopLogProbsCount(),
                chunk.getTargetIdsCount());
        head.texts().add(chunk.getNewTokens());
        Set<Integer> missing = new HashSet<>(chunk.getMissingList());
        for (int i = 0; i < count; i++) {
            Token top = head.texts().get(chunk.getFinalTopIds(i));
            for (int target = 0; target < targets; target++) {
                int at = i * targets + target;
                OptionalInt came = missing.remove(at) ? OptionalInt.empty() : OptionalInt.of(chunk.getTargetIds(at));
                check(target, first + i, came, top);
                ids.get(target).add(came);
            }
            finalTops.add(Prediction.of(top, chunk.getFinalTopLogProbs(i)));
        }
        require(missing.isEmpty(), "targets that do not exist are said to be missing: %s", missing);
    }

    /** What is known before the first layer, once all targets are there. */
    ResultInfo info() {
        List<LensTarget> asked = head.request().targets();
        return ResultInfo.builder(ModelReader.info(head.header().getModel()))
                .requestId(head.header().getRequestId())
                .lenses(head.request().effectiveLenses())
                .readings(head.readings())
                .approximate(head.header().getApproximate())
                .prompt(head.text())
                .tokens(head.tokens())
                .readPoints(head.readPoints())
                .positions(head.positions())
                .k(head.header().getTopK())
                .candidates(head.request().candidates())
                .targets(IntStream.range(0, asked.size())
                        .mapToObj(m -> TargetInfo.of(asked.get(m), encodings.get(m), ids.get(m)))
                        .toList())
                .statistics(head.request().statistics())
                .numberForm(head.request().numberForm())
                .hasTrajectories(head.header().getHasTrajectories())
                .finalTops(finalTops)
                .build();
    }

    private void check(int target, int positionIndex, OptionalInt came, Token top) {
        LensTarget asked = head.request().targets().get(target);
        OptionalInt expected = expectedId(asked, encodings.get(target), positionIndex, top);
        require(
                came.equals(expected),
                "target %s at position %d should be %s, but %s came",
                asked,
                head.positions().get(positionIndex),
                inWords(expected),
                inWords(came));
        came.ifPresent(head.texts()::get);
    }

    private static String inWords(OptionalInt id) {
        return id.isPresent() ? "token " + id.getAsInt() : "none";
    }

    private OptionalInt expectedId(LensTarget target, List<Token> encoding, int positionIndex, Token top) {
        if (target instanceof LensTarget.NextToken) {
            int next = head.positions().get(positionIndex) + 1;
            return next < head.tokens().size()
                    ? OptionalInt.of(head.tokens().get(next).token().id())
                    : OptionalInt.empty();
        }
        if (target instanceof LensTarget.FinalTop) {
            return OptionalInt.of(top.id());
        }
        return OptionalInt.of(encoding.get(0).id());
    }

    private static void checkEncoding(LensTarget target, List<Token> encoding) {
        if (target.dependsOnPosition()) {
            return;
        }
        require(!encoding.isEmpty(), "target %s came without tokens", target);
        int first = encoding.get(0).id();
        require(
                !(target instanceof LensTarget.TokenId token) || token.id() == first,
                "target %s came as token %d",
                target,
                first);
    }
}
