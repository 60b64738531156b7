package dev.stratalens.report.file;

import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Candidates;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensReading;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Timings;
import dev.stratalens.client.result.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A parsed {@code stratalens/2} file: checks that its parts are consistent and builds a result. */
final class NativeJsonContents {

    private static final double NANOS_PER_MS = 1e6;

    private final Section file;
    private final List<ReadPoint> readPoints;
    private final int[] positions;
    private final int k;
    private final List<Section> targets;
    private final FileVocabulary vocabulary;

    NativeJsonContents(Section file) throws LensFileException {
        this.file = file;
        String format = file.string("format");
        if (!format.equals(RunJson.FORMAT)) {
            throw new LensFileException(
                    "$.format: \"" + format + "\" cannot be read; expected \"" + RunJson.FORMAT + "\"", null);
        }
        readPoints = readPoints();
        positions = ascending("$.positions", file.grid("positions"), 0);
        k = file.integer("top_k");
        require(k >= 1, "$.top_k: " + k + " is below 1");
        targets = file.list("targets", Section.class);
        vocabulary = new FileVocabulary(file.object("vocab"));
    }

    ResultColumns toResult() throws LensFileException {
        ResultInfo info = info();
        Section selfCheck = file.object("self_check");
        Section run = file.object("run");
        return new ResultColumns(
                info,
                new ReadingContents(file, info, vocabulary).lenses(),
                vocabulary.tokens(),
                ResultSummary.builder()
                        .selfCheck(SelfCheck.of(
                                selfCheck.float32("max_logit_difference"),
                                selfCheck.bool("top1_agrees"),
                                selfCheck.integers("positions")))
                        .timings(timings())
                        .attribution(AttributionJson.read(file, info))
                        .omittedTrajectories(run.integral("omitted_trajectories"))
                        .reservedBytes(run.integral("reserved_bytes"))
                        .build());
    }

    private Optional<Timings> timings() throws LensFileException {
        if (!file.has("timings")) {
            return Optional.empty();
        }
        Section timings = file.object("timings");
        return Optional.of(Timings.builder()
                .queued(duration(timings, "queued_ms"))
                .forward(duration(timings, "forward_ms"))
                .lens(duration(timings, "lens_ms"))
                .build());
    }

    private static Duration duration(Section timings, String key) throws LensFileException {
        return Duration.ofNanos(Math.round(timings.float64(key) * NANOS_PER_MS));
    }

    private ResultInfo info() throws LensFileException {
        List<PromptToken> tokens = new ArrayList<>();
        for (Section token : file.list("tokens", Section.class)) {
            Token entry = FileVocabulary.token(token.integer("id"), token);
            tokens.add(
                    token.has("start") || token.has("end")
                            ? PromptToken.of(entry, token.integer("start"), token.integer("end"))
                            : PromptToken.of(entry));
        }
        require(
                positions[positions.length - 1] < tokens.size(),
                "$.positions: there are only " + tokens.size() + " tokens");
        return ResultInfo.builder(model())
                .requestId(file.object("run").string("request_id"))
                .lenses(lenses())
                .readings(readings())
                .approximate(file.bool("approximate"))
                .prompt(file.has("prompt") ? Optional.of(file.string("prompt")) : Optional.empty())
                .tokens(tokens)
                .readPoints(readPoints)
                .positions(Arrays.stream(positions).boxed().toList())
                .k(k)
                .candidates(candidates())
                .targets(targetInfos())
                .statistics(statistics())
                .numberForm(numberForm())
                .hasTrajectories(file.has("trajectories"))
                .finalTops(finalTops())
                .build();
    }

    private Candidates candidates() throws LensFileException {
        try {
            return file.has("candidates") ? Candidates.named(file.string("candidates")) : Candidates.mostLikely();
        } catch (IllegalArgumentException e) {
            throw new LensFileException("$.candidates: " + e.getMessage(), e);
        }
    }

    private List<Lens> lenses() throws LensFileException {
        if (!file.has("lenses")) {
            return List.of(Lens.logit());
        }
        List<String> names = file.list("lenses", String.class);
        require(!names.isEmpty(), "$.lenses: empty");
        return names.stream().map(Lens::named).toList();
    }

    /** None if every lens reads everywhere. */
    private List<LensReading> readings() throws LensFileException {
        if (!file.has("coverage")) {
            return List.of();
        }
        List<LensReading> readings = new ArrayList<>();
        for (Section coverage : file.list("coverage", Section.class)) {
            int[] indexes = ascending(coverage.path() + ".read_points", coverage.grid("read_points"), 0);
            require(
                    indexes[indexes.length - 1] < readPoints.size(),
                    coverage.path() + ".read_points: there are only " + readPoints.size());
            readings.add(LensReading.builder(
                            Arrays.stream(indexes).mapToObj(readPoints::get).toList())
                    .decodesLastBlockAsModel(coverage.bool("decodes_last_block_as_model"))
                    .skippedPositions(coverage.integer("skipped_positions"))
                    .warnings(coverage.list("warnings", String.class))
                    .build());
        }
        require(
                readings.size() == lenses().size(),
                "$.coverage: expected one element for each of %d lenses, found %d"
                        .formatted(lenses().size(), readings.size()));
        return readings;
    }

    private NumberForm numberForm() throws LensFileException {
        return file.string("number_form").equals(RunJson.name(NumberForm.COMPACT))
                ? NumberForm.COMPACT
                : NumberForm.EXACT;
    }

    private ModelInfo model() throws LensFileException {
        Section model = file.object("model");
        return ModelInfo.builder(model.string("name"), model.integer("layers"))
                .architecture(model.string("architecture"))
                .hiddenSize(model.integer("hidden_size"))
                .vocabularySize(model.integer("vocab_size"))
                .storedType(model.string("stored_dtype"))
                .computeType(model.string("compute_dtype"))
                .revision(model.string("revision"))
                .build();
    }

    private List<Prediction> finalTops() throws LensFileException {
        Section finalTop = file.object("final_top");
        int[] ids = finalTop.grid("ids").toInts(positions.length);
        float[] logProbs = finalTop.grid("log_probs").toFloats(positions.length);
        List<Prediction> tops = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            tops.add(Prediction.of(vocabulary.known(ids[i]), logProbs[i]));
        }
        return tops;
    }

    private List<TargetInfo> targetInfos() throws LensFileException {
        List<TargetInfo> infos = new ArrayList<>();
        for (Section target : targets) {
            NumberGrid tokenIds = target.grid("token_ids");
            List<Token> tokens = new ArrayList<>();
            for (int id : tokenIds.toInts(tokenIds.length())) {
                tokens.add(vocabulary.known(id));
            }
            List<OptionalInt> ids = new ArrayList<>();
            for (int id : target.grid("ids").toIntsOr(-1, positions.length)) {
                ids.add(
                        id < 0
                                ? OptionalInt.empty()
                                : OptionalInt.of(vocabulary.known(id).id()));
            }
            infos.add(TargetInfo.of(asked(target, tokens), tokens, ids));
        }
        return infos;
    }

    private static LensTarget asked(Section target, List<Token> tokens) throws LensFileException {
        String kind = target.string("kind");
        for (TargetKind known : TargetKind.values()) {
            if (known.key().equals(kind)) {
                return switch (known) {
                    case NEXT_TOKEN -> LensTarget.nextToken();
                    case FINAL_TOP -> LensTarget.finalTop();
                    case TEXT -> LensTarget.text(target.string("text"));
                    case ID -> {
                        require(tokens.size() == 1, target.path() + ".token_ids: expected one id");
                        yield LensTarget.id(tokens.get(0).id());
                    }
                };
            }
        }
        throw new LensFileException(
                target.path() + ".kind: expected one of next_token, final_top, text, id, found \"" + kind + "\"", null);
    }

    /** Read points in order of depth. {@code layers}, a list of layer numbers, may replace them. */
    private List<ReadPoint> readPoints() throws LensFileException {
        if (file.has("layers")) {
            return Arrays.stream(ascending("$.layers", file.grid("layers"), -1))
                    .mapToObj(ReadPoint::ofLayer)
                    .toList();
        }
        List<ReadPoint> points = new ArrayList<>();
        for (Section fields : file.list("read_points", Section.class)) {
            Site site = site(fields);
            ReadPoint point = ReadPoint.of(site == Site.EMBEDDING ? 0 : fields.integer("block"), site);
            ReadPoint previous = points.isEmpty() ? null : points.get(points.size() - 1);
            require(
                    previous == null || previous.compareTo(point) < 0,
                    "$.read_points: not ascending: " + point + " after " + previous);
            points.add(point);
        }
        require(!points.isEmpty(), "$.read_points: empty");
        return points;
    }

    static Site site(Section point) throws LensFileException {
        for (Site site : Site.values()) {
            if (RunJson.name(site).equals(point.string("site"))) {
                return site;
            }
        }
        throw new LensFileException(
                point.path() + ".site: \"" + point.string("site") + "\" cannot be read by this version; it reads "
                        + Arrays.stream(Site.values()).map(RunJson::name).toList(),
                null);
    }

    private Set<Statistic> statistics() throws LensFileException {
        List<Statistic> statistics = new ArrayList<>();
        for (Section column : file.list("columns", Section.class)) {
            statistics.add(StatisticJson.read(column));
        }
        return Statistic.setOf(statistics);
    }

    private static int[] ascending(String path, NumberGrid grid, int first) throws LensFileException {
        int[] values = grid.toInts(grid.length());
        require(values.length > 0, path + ": empty");
        requireAscending(path, values, first);
        return values;
    }

    static void requireAscending(String path, int[] values, int first) throws LensFileException {
        int previous = first - 1;
        for (int value : values) {
            require(value > previous, path + ": not ascending from " + first + ": " + value + " after " + previous);
            previous = value;
        }
    }

    static void require(boolean holds, String message) throws LensFileException {
        if (!holds) {
            throw new LensFileException(message, null);
        }
    }
}
