package dev.stratalens.cli.report;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.LensReading;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMaps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a reader should know of the lens of a result. */
final class LensNotes {

    private LensNotes() {}

    /** Sentences; empty for the logit lens alone. */
    static String of(LensResult view) {
        Lens lens = view.lens();
        if (view.lenses().size() == 1 && lens.map().isEmpty()) {
            return "";
        }
        LensReading reading = view.reading();
        List<String> sentences = new ArrayList<>();
        sentences.add("Lens %s.".formatted(lens.map().orElse(lens.name())));
        List<ReadPoint> missing = view.info().readPoints().stream()
                .filter(point -> !reading.readPoints().contains(point))
                .toList();
        if (!missing.isEmpty()) {
            sentences.add("Not available, because it has no map there: %s."
                    .formatted(
                            missing.stream().map(HeatMaps::rowName).collect(Collectors.joining(", ", "layer ", ""))));
        }
        if (lens.map().isPresent() && !reading.decodesLastBlockAsModel()) {
            sentences.add("It has a map for the last block, too, which is therefore not the model's own output.");
        }
        if (reading.skippedPositions() > 0) {
            sentences.add("It was fitted without the first %d positions of each prompt; numbers there mean little."
                    .formatted(reading.skippedPositions()));
        }
        sentences.addAll(reading.warnings());
        return String.join(" ", sentences);
    }
}
