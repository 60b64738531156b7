package dev.stratalens.report.file;

import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.internal.result.TrackedColumns;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.ResultInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cells and trajectories of a parsed file: checks that they are complete and match its header. */
final class ReadingContents {

    private final Section file;
    private final ResultInfo info;
    private final FileVocabulary vocabulary;
    private final int positions;

    ReadingContents(Section file, ResultInfo info, FileVocabulary vocabulary) {
        this.file = file;
        this.info = info;
        this.vocabulary = vocabulary;
        this.positions = info.positions().size();
    }

    List<LensColumns> lenses() throws LensFileException {
        requireNoOther("readings");
        if (info.hasTrajectories()) {
            requireNoOther("trajectories");
        }
        List<LensColumns> lenses = new ArrayList<>();
        for (int lens = 0; lens < info.lenses().size(); lens++) {
            lenses.add(new LensColumns(info.lenses().get(lens), layers(lens), tracked(lens)));
        }
        return lenses;
    }

    private List<LayerColumns> layers(int lens) throws LensFileException {
        List<ReadPoint> points = info.readings().get(lens).readPoints();
        List<Section> readings = ofLens("readings", lens, points.size(), "read points");
        List<LayerColumns> layers = new ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            requireNext(readings.get(i), "read_point", info.readPointIndex(points.get(i)));
            layers.add(layer(readings.get(i), points.get(i)));
        }
        return layers;
    }

    private LayerColumns layer(Section reading, ReadPoint readPoint) throws LensFileException {
        int[] ids = reading.grid("ids").toInts(positions, info.k());
        vocabulary.requireKnown(ids);
        Section columns = reading.object("columns");
        Map<Statistic, float[]> statistics = new LinkedHashMap<>();
        for (Statistic statistic : info.statistics()) {
            statistics.put(statistic, columns.grid(statistic.name()).toFloats(positions));
        }
        return new LayerColumns(
                readPoint,
                ids,
                reading.grid("log_probs").toFloats(positions, info.k()),
                ranks(reading),
                reading.grid("target_log_probs")
                        .toFloats(positions, info.targets().size()),
                statistics);
    }

    private int[] ranks(Section reading) throws LensFileException {
        int targets = info.targets().size();
        int[] ranks = reading.grid("ranks").toIntsOr(0, positions, targets);
        for (int i = 0; i < ranks.length; i++) {
            boolean exists =
                    info.targets().get(i % targets).ids().get(i / targets).isPresent();
            NativeJsonContents.require(
                    exists ? ranks[i] >= 1 : ranks[i] == 0,
                    reading.path() + ".ranks: a rank is 1 or more where the target exists, and null elsewhere");
        }
        return ranks;
    }

    private List<TrackedColumns> tracked(int lens) throws LensFileException {
        if (!info.hasTrajectories()) {
            return List.of();
        }
        List<Section> sections = ofLens("trajectories", lens, positions, "positions");
        List<TrackedColumns> tracked = new ArrayList<>();
        for (int position = 0; position < positions; position++) {
            Section section = sections.get(position);
            requireNext(section, "position", info.positions().get(position));
            NumberGrid grid = section.grid("ids");
            int[] ids = grid.toInts(grid.length());
            NativeJsonContents.requireAscending(section.path() + ".ids", ids, 0);
            vocabulary.requireKnown(ids);
            tracked.add(new TrackedColumns(
                    ids,
                    section.grid("log_probs")
                            .toFloats(
                                    ids.length,
                                    info.readings().get(lens).readPoints().size())));
        }
        return tracked;
    }

    /** Every element belongs to one of the lenses. */
    private void requireNoOther(String key) throws LensFileException {
        for (Section section : file.list(key, Section.class)) {
            int lens = section.integer("lens");
            NativeJsonContents.require(
                    lens >= 0 && lens < info.lenses().size(),
                    "%s.lens: there are %d lenses, found %d"
                            .formatted(section.path(), info.lenses().size(), lens));
        }
    }

    /** The elements of a list that belong to a lens; their number must be the expected one. */
    private List<Section> ofLens(String key, int lens, int count, String what) throws LensFileException {
        List<Section> all = file.list(key, Section.class);
        List<Section> found = new ArrayList<>();
        for (Section section : all) {
            if (section.integer("lens") == lens) {
                found.add(section);
            }
        }
        NativeJsonContents.require(
                found.size() == count,
                "$.%s: expected one element for each of the %d %s of lens %d, found %d"
                        .formatted(key, count, what, lens, found.size()));
        return found;
    }

    private static void requireNext(Section section, String key, int expected) throws LensFileException {
        int found = section.integer(key);
        NativeJsonContents.require(
                found == expected, "%s.%s: expected %d, found %d".formatted(section.path(), key, expected, found));
    }
}
