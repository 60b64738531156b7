package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensReading;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.TargetDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Checks a stream's header and prompt against the request and themselves. Everything that comes after them is checked against
 * what the header promised.
 */
final class HeaderReader {

    private final LensRequest request;
    private final LensHeader header;
    private final StreamVocabulary texts;
    private final PromptAssembler prompt;
    private final List<ReadPoint> readPoints;
    private final List<LensReading> readings;
    private final List<Statistic> statistics;

    HeaderReader(LensRequest request, LensHeader header) {
        this.request = request;
        this.header = header;
        checkEcho();
        readPoints = readReadPoints();
        readings = readReadings();
        statistics = header.getStatisticsList().stream()
                .map(wire -> Statistic.all().stream()
                        .filter(each -> each.number() == wire.getNumber())
                        .findFirst()
                        .orElseThrow())
                .toList();
        texts = new StreamVocabulary(
                header.getModel().getTokenSpelling(), header.getModel().getVocabularySize());
        texts.add(header.getNewTokens());
        require(header.getTokenCount() >= 1, "the header says that the prompt has %d tokens", header.getTokenCount());
        prompt = new PromptAssembler(header.getTokenCount(), texts);
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

    StreamVocabulary texts() {
        return texts;
    }

    List<PromptToken> tokens() {
        return prompt.tokens();
    }

    /** Where the lenses read, in order of depth. */
    List<ReadPoint> readPoints() {
        return readPoints;
    }

    /** What each lens reads; none if every lens reads everywhere. */
    List<LensReading> readings() {
        return readings;
    }

    /** Read points that a lens has, as ascending indices into those of the stream. */
    List<Integer> covered(int lens) {
        return readings.isEmpty()
                ? IntStream.range(0, readPoints.size()).boxed().toList()
                : header.getReadings(lens).getReadPointsList();
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

    private List<ReadPoint> readReadPoints() {
        int blocks = header.getModel().getBlockCount();
        List<ReadPoint> found = new ArrayList<>(header.getReadPointsCount());
        for (dev.stratalens.v1.ReadPoint wire : header.getReadPointsList()) {
            ReadPoint point = read(wire);
            ReadPoint previous = found.isEmpty() ? null : found.get(found.size() - 1);
            require(
                    point.block() < blocks && (previous == null || previous.compareTo(point) < 0),
                    "the header's read points are not ascending within %d blocks: %s after %s",
                    blocks,
                    point,
                    previous == null ? "none" : previous);
            found.add(point);
        }
        require(!found.isEmpty(), "the header lists no read points");
        require(
                !request.includesEmbedding() || found.get(0).site() == Site.EMBEDDING,
                "the embedding was asked for, but the read points are %s",
                found);
        return List.copyOf(found);
    }

    private List<LensReading> readReadings() {
        int lenses = request.effectiveLenses().size();
        require(
                header.getReadingsCount() == 0 || header.getReadingsCount() == lenses,
                "the header says what %d of %d lenses read",
                header.getReadingsCount(),
                lenses);
        List<LensReading> found = new ArrayList<>(header.getReadingsCount());
        for (dev.stratalens.v1.LensReading reading : header.getReadingsList()) {
            int previous = -1;
            for (int index : reading.getReadPointsList()) {
                require(
                        index > previous && index < readPoints.size(),
                        "the read points of a lens are not ascending within %d: %s",
                        readPoints.size(),
                        reading.getReadPointsList());
                previous = index;
            }
            require(previous >= 0, "a lens has no read points");
            found.add(LensReading.builder(reading.getReadPointsList().stream()
                            .map(readPoints::get)
                            .toList())
                    .decodesLastBlockAsModel(reading.getDecodesLastBlockAsModel())
                    .skippedPositions(reading.getSkippedPositions())
                    .warnings(reading.getWarningsList())
                    .build());
        }
        return List.copyOf(found);
    }

    private ReadPoint read(dev.stratalens.v1.ReadPoint point) {
        Site site = request.effectiveSites().stream()
                .filter(asked -> RequestWriter.write(asked) == point.getSite())
                .findFirst()
                .orElseThrow(() -> BrokenStream.error(
                        "a read point is at the site " + point.getSite() + ", which was not asked for"));
        require(point.getBlock() >= 0, "a read point is in block %d", point.getBlock());
        return ReadPoint.of(site == Site.EMBEDDING ? 0 : point.getBlock(), site);
    }

    /** The header must promise what was asked for: everything after it is checked against the promise only. */
    private void checkEcho() {
        requireEcho("predictions per cell", request.topK(), header.getTopK());
        requireEcho(
                "statistics",
                request.statistics().stream().map(Statistic::number).sorted().toList(),
                header.getStatisticsValueList().stream().sorted().toList());
        requireEcho("attribution", request.attributed(), header.getAttributedPartsCount() > 0);
        requireEcho("trajectories", request.trajectories().wanted(), header.getHasTrajectories());
        requireEcho(
                "lenses",
                request.effectiveLenses().stream().map(RequestWriter::write).toList(),
                header.getLensesList());
        requireEcho(
                "candidates",
                RequestWriter.candidates(request),
                header.hasCandidates() ? Optional.of(header.getCandidates()) : Optional.empty());
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
