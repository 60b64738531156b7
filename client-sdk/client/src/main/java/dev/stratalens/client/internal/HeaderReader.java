package dev.stratalens.client.internal;

import static dev.stratalens.client.internal.BrokenStream.require;

import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.result.LensInfo;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.RunInfo;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensTargets;
import dev.stratalens.v1.TargetDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Checks a stream's header against the request and itself, and together with the targets event makes the run's facts. */
final class HeaderReader {

    private final LensRequest request;
    private final LensHeader header;
    private final TokenTexts texts;
    private final List<PromptToken> tokens;

    HeaderReader(LensRequest request, LensHeader header) {
        this.request = request;
        this.header = header;
        texts = new TokenTexts(
                header.getModel().getTokenSpelling(), header.getModel().getVocabularySize());
        texts.add(header.getNewTokens());
        tokens = promptTokens(header.getTokenIdsList(), header.getTokenStartsList(), header.getTokenEndsList(), texts);
        checkPrompt();
        checkIndexes();
        checkEcho();
    }

    TokenTexts texts() {
        return texts;
    }

    /** The run's facts, once the ids that need the forward pass are there. */
    RunInfo withTargets(LensTargets targets) {
        texts.add(targets.getNewTokens());
        return new RunInfo(
                header.getRequestId(),
                ModelReader.info(header.getModel()),
                new LensInfo(LensInfo.LOGIT, header.getSkipFinalNorm(), header.getApproximate()),
                request.prompt() instanceof Prompt.Text text ? Optional.of(text.text()) : Optional.empty(),
                tokens,
                header.getLayersList(),
                header.getPositionsList(),
                header.getTopK(),
                targetInfos(targets),
                request.statistics(),
                request.trajectories().encoding(),
                finalTops(targets));
    }

    static List<PromptToken> promptTokens(
            List<Integer> ids, List<Integer> starts, List<Integer> ends, TokenTexts texts) {
        require(
                starts.size() == ends.size() && (starts.isEmpty() || starts.size() == ids.size()),
                "%d tokens came with %d starts and %d ends",
                ids.size(),
                starts.size(),
                ends.size());
        List<PromptToken> tokens = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            Token token = texts.get(ids.get(i));
            if (starts.isEmpty()) {
                tokens.add(new PromptToken(token, OptionalInt.empty(), OptionalInt.empty()));
                continue;
            }
            int start = starts.get(i);
            int end = ends.get(i);
            require(start >= 0 && start <= end, "token %d has the byte range %d .. %d", i, start, end);
            tokens.add(new PromptToken(token, OptionalInt.of(start), OptionalInt.of(end)));
        }
        return tokens;
    }

    private void checkPrompt() {
        if (request.prompt() instanceof Prompt.TokenIds asked) {
            require(
                    header.getTokenIdsList().equals(asked.ids()),
                    "the header's tokens are not the ids that were sent as the prompt");
        }
    }

    private void checkIndexes() {
        requireAscending(
                "layers",
                header.getLayersList(),
                request.includeEmbedding() ? -1 : 0,
                header.getModel().getBlockCount());
        requireAscending("positions", header.getPositionsList(), 0, header.getTokenIdsCount());
        require(
                request.includeEmbedding() == (header.getLayers(0) == -1),
                "the embedding was %sasked for, but the layers are %s",
                request.includeEmbedding() ? "" : "not ",
                header.getLayersList());
    }

    private static void requireAscending(String what, List<Integer> indexes, int first, int end) {
        require(!indexes.isEmpty(), "the header lists no %s", what);
        int previous = first - 1;
        for (int index : indexes) {
            require(
                    index > previous && index < end,
                    "the header's %s are not ascending within %d .. %d: %s",
                    what,
                    first,
                    end - 1,
                    indexes);
            previous = index;
        }
    }

    /** The header must promise what was asked for: everything after it is checked against the promise only. */
    private void checkEcho() {
        requireEcho("predictions per cell", request.topK(), header.getTopK());
        requireEcho(
                "statistics",
                request.statistics().stream().map(RequestWriter::write).toList(),
                header.getStatisticsList().stream().sorted().toList());
        requireEcho(
                "trajectories", RequestWriter.write(request.trajectories().encoding()), header.getTrajectoryEncoding());
        requireEcho("skip_final_norm", request.skipFinalNorm(), header.getSkipFinalNorm());
        requireEcho("request id", request.requestId(), header.getRequestId());
        requireEcho(
                "targets",
                request.targets().stream().map(RequestWriter::write).toList(),
                header.getTargetsList().stream()
                        .map(TargetDescription::getTarget)
                        .toList());
    }

    private static void requireEcho(String what, Object asked, Object answered) {
        require(asked.equals(answered), "%s: asked for %s, the header says %s", what, asked, answered);
    }

    private List<Prediction> finalTops(LensTargets targets) {
        int positions = header.getPositionsCount();
        require(
                targets.getFinalTopIdsCount() == positions && targets.getFinalTopLogProbsCount() == positions,
                "%d positions came with %d final ids and %d log-probabilities",
                positions,
                targets.getFinalTopIdsCount(),
                targets.getFinalTopLogProbsCount());
        List<Prediction> tops = new ArrayList<>(positions);
        for (int i = 0; i < positions; i++) {
            tops.add(new Prediction(texts.get(targets.getFinalTopIds(i)), targets.getFinalTopLogProbs(i)));
        }
        return tops;
    }

    private List<TargetInfo> targetInfos(LensTargets targets) {
        int count = request.targets().size();
        require(
                targets.getTargetIdsCount() == header.getPositionsCount() * count,
                "%d targets at %d positions came with %d ids",
                count,
                header.getPositionsCount(),
                targets.getTargetIdsCount());
        List<TargetInfo> infos = new ArrayList<>(count);
        for (int m = 0; m < count; m++) {
            LensTarget target = request.targets().get(m);
            List<Token> encoding = texts.get(header.getTargets(m).getTokenIdsList());
            List<OptionalInt> ids = new ArrayList<>(header.getPositionsCount());
            for (int i = 0; i < header.getPositionsCount(); i++) {
                OptionalInt expected = expectedId(target, encoding, i, targets);
                int id = targets.getTargetIds(i * count + m);
                require(
                        id == expected.orElse(0),
                        "target %s at position %d should be token %s, but %d came",
                        target,
                        header.getPositions(i),
                        expected.isPresent() ? expected.getAsInt() : "0 (none)",
                        id);
                expected.ifPresent(texts::get);
                ids.add(expected);
            }
            infos.add(new TargetInfo(target, encoding, ids));
        }
        return infos;
    }

    private OptionalInt expectedId(LensTarget target, List<Token> encoding, int index, LensTargets targets) {
        if (target instanceof LensTarget.NextToken) {
            int next = header.getPositions(index) + 1;
            return next < tokens.size()
                    ? OptionalInt.of(tokens.get(next).token().id())
                    : OptionalInt.empty();
        }
        if (target instanceof LensTarget.FinalTop) {
            return OptionalInt.of(targets.getFinalTopIds(index));
        }
        require(!encoding.isEmpty(), "target %s came without tokens", target);
        int first = encoding.get(0).id();
        require(
                !(target instanceof LensTarget.TokenId token) || token.id() == first,
                "target %s came as token %d",
                target,
                first);
        return OptionalInt.of(first);
    }
}
