package dev.stratalens.report.figure;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.Statistic.Direction;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** A real result: the demo model on six tokens, ten blocks and the embedding, two targets, all statistics. */
final class FigureResults {

    /** What no version has heard of. */
    static final Statistic MADE_UP = Statistic.described(
            "made-up",
            "made-up lead",
            "bits",
            OptionalDouble.of(0),
            OptionalDouble.of(8),
            Direction.MORE_IS_SURER,
            "How far ahead something is.",
            Optional.empty());

    private FigureResults() {}

    /** The modes that the result has numbers for. */
    static List<ColorMode> modes() {
        return ColorMode.all().stream()
                .filter(mode -> !(mode instanceof ColorMode.OfStatistic of)
                        || france().info().statistics().contains(of.statistic()))
                .toList();
    }

    static LensResult france() {
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(FigureResults.class.getResourceAsStream("france.json")),
                StandardCharsets.UTF_8)) {
            return LensJson.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
