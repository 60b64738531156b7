package dev.stratalens.client.internal;

import static dev.stratalens.client.internal.BrokenStream.require;

import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.ReadPoint;
import dev.stratalens.v1.TargetDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks a stream's header and prompt against the request and themselves. Everything that comes after them is checked against
 * what the header promised.
 */
final class HeaderReader {

    private static final int EMBEDDING = -1;

    private final LensRequest request;
    private final LensHeader header;
    private final TokenTexts texts;
    private final PromptReader prompt;
    private final List<Integer> layers;
    private final List<Statistic> statistics;

    HeaderReader(LensRequest request, LensHeader header) {
        this.request = request;
        this.header = header;
        checkEcho();
        layers = layers();
        statistics = header.getStatisticsList().stream()
                .map(wire -> Statistic.all().stream()
                        .filter(each -> each.number() == wire.getNumber())
                        .findFirst()
                        .orElseThrow())
                .toList();
        texts = new TokenTexts(
                header.getModel().getTokenSpelling(), header.getModel().getVocabularySize());
        texts.add(header.getNewTokens());
        require(header.getTokenCount() >= 1, "the header says that the prompt has %d tokens", header.getTokenCount());
        prompt = new PromptReader(header.getTokenCount(), texts);
    }

    void add(PromptChunk chunk) {
        prompt.add(chunk);
        if (prompt.isComplete()) {
            checkPrompt();
        }
    }

    /** Whether all of the prompt came. */
    boolean isComplete() {
        return prompt.isComplete();
    }

    LensRequest request() {
        return request;
    }

    LensHeader header() {
        return header;
    }

    TokenTexts texts() {
        return texts;
    }

    List<PromptToken> tokens() {
        return prompt.tokens();
    }

    /** Layers of the stream, ascending; -1 is the embedding. */
    List<Integer> layersOfStream() {
        return layers;
    }

    /** Token positions of the stream, ascending. */
    List<Integer> positions() {
        return prompt.positions();
    }

    /** The columns of every cell, in the order in which they travel. */
    List<Statistic> statistics() {
        return statistics;
    }

    /** The text that the model reads; empty where ids were sent. */
    Optional<String> text() {
        if (request.prompt() instanceof Prompt.Text text) {
            return Optional.of(text.text());
        }
        return header.hasRenderedChat() ? Optional.of(header.getRenderedChat() + prompt.rendered()) : Optional.empty();
    }

    private void checkPrompt() {
        require(
                positions().size() == header.getPositionCount() && !positions().isEmpty(),
                "the header promised %d positions, the prompt came with %d",
                header.getPositionCount(),
                positions().size());
        if (request.prompt() instanceof Prompt.TokenIds asked) {
            require(
                    tokens().stream().map(token -> token.token().id()).toList().equals(asked.ids()),
                    "the prompt's tokens are not the ids that were sent");
        }
        require(
                header.hasRenderedChat() == request.prompt() instanceof Prompt.Chat,
                "a rendered chat %s",
                header.hasRenderedChat() ? "came, but none was sent" : "is missing");
    }

    private List<Integer> layers() {
        List<Integer> found = new ArrayList<>(header.getReadPointsCount());
        int previous = EMBEDDING - 1;
        for (ReadPoint point : header.getReadPointsList()) {
            int layer = layer(point);
            require(
                    layer > previous && layer < header.getModel().getBlockCount(),
                    "the header's read points are not ascending within %d blocks: layer %d after %d",
                    header.getModel().getBlockCount(),
                    layer,
                    previous);
            previous = layer;
            found.add(layer);
        }
        require(!found.isEmpty(), "the header lists no read points");
        require(
                request.includesEmbedding() == (found.get(0) == EMBEDDING),
                "the embedding was %sasked for, but the layers are %s",
                request.includesEmbedding() ? "" : "not ",
                found);
        return List.copyOf(found);
    }

    private static int layer(ReadPoint point) {
        return switch (point.getSite()) {
            case SITE_EMBEDDING -> EMBEDDING;
            case SITE_BLOCK_OUTPUT -> {
                require(point.getBlock() >= 0, "a read point is in block %d", point.getBlock());
                yield point.getBlock();
            }
            default ->
                throw BrokenStream.error(
                        "a read point is at the site " + point.getSite() + ", which was not asked for");
        };
    }

    /** The header must promise what was asked for: everything after it is checked against the promise only. */
    private void checkEcho() {
        requireEcho("predictions per cell", request.topK(), header.getTopK());
        requireEcho(
                "statistics",
                request.statistics().stream().map(Statistic::number).sorted().toList(),
                header.getStatisticsValueList().stream().sorted().toList());
        requireEcho("trajectories", request.trajectories().wanted(), header.getHasTrajectories());
        requireEcho(
                "lenses",
                request.effectiveLenses().stream().map(RequestWriter::write).toList(),
                header.getLensesList());
        requireEcho("number form", RequestWriter.write(request.numberForm()), header.getNumberForm());
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
}
