package dev.stratalens.report.file;

import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerColumns;
import dev.stratalens.client.result.LensColumns;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.client.result.RunFacts;
import dev.stratalens.client.result.RunInfo;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Timings;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.TrackedColumns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A parsed {@code stratalens/1} file: checks that its parts fit together and makes a result of them. */
final class NativeJsonContents {

    private static final int MILLION = 1_000_000;

    private final Section file;
    private final int[] layers;
    private final int[] positions;
    private final int k;
    private final List<Section> targets;
    private final Map<Integer, Token> vocabulary = new HashMap<>();

    NativeJsonContents(Section file) throws LensFileException {
        this.file = file;
        String format = file.string("format");
        if (!format.equals(RunJson.FORMAT)) {
            throw new LensFileException(
                    "$.format: \"" + format + "\" is no format that can be read; expected \"" + RunJson.FORMAT + "\"",
                    null);
        }
        layers = ascending("layers", -1);
        positions = ascending("positions", 0);
        k = file.get("top_k", Section.class).get("k", Integer.class);
        require(k >= 1, "$.top_k.k: " + k + " is below 1");
        targets = file.get("targets", Section.Sections.class).list();
        JsonFields vocab = file.get("vocab", JsonFields.class);
        for (String id : vocab.object().keySet()) {
            Token token = token(Integer.parseInt(id), vocab.object(id));
            vocabulary.put(token.id(), token);
        }
    }

    ResultColumns toResult() throws LensFileException {
        RunInfo info = info();
        JsonFields timings = file.get("timings", JsonFields.class);
        JsonFields selfCheck = file.get("self_check", JsonFields.class);
        JsonFields run = file.get("run", JsonFields.class);
        return new ResultColumns(
                info,
                List.of(new LensColumns(
                        info.lenses().get(0), layerColumns(info), info.hasTrajectories() ? tracked() : List.of())),
                vocabulary,
                new SelfCheck(
                        selfCheck.float32("max_logit_difference"),
                        selfCheck.bool("top1_agrees"),
                        selfCheck.integers("positions")),
                timings(timings),
                new RunFacts(run.integral("omitted_trajectories"), run.integral("reserved_bytes")));
    }

    private RunInfo info() throws LensFileException {
        JsonFields lens = file.get("lens", JsonFields.class);
        List<PromptToken> tokens = new ArrayList<>();
        for (JsonFields token : file.get("tokens", JsonFields.FieldsList.class).list()) {
            tokens.add(new PromptToken(
                    token(token.integer("id"), token), token.optionalInteger("start"), token.optionalInteger("end")));
        }
        require(
                positions[positions.length - 1] < tokens.size(),
                "$.positions: there are only " + tokens.size() + " tokens");
        return new RunInfo(
                file.get("run", JsonFields.class).string("request_id"),
                model(),
                List.of(lens.bool("skip_final_norm") ? Lens.raw() : Lens.logit()),
                lens.bool("approximate"),
                file.has("prompt") ? Optional.of(file.string("prompt")) : Optional.empty(),
                tokens,
                boxed(layers),
                boxed(positions),
                k,
                targetInfos(),
                statistics(),
                numberForm(),
                file.has("tracked_encoding"),
                finalTops());
    }

    private ModelInfo model() throws LensFileException {
        JsonFields model = file.get("model", JsonFields.class);
        return new ModelInfo(
                model.string("name"),
                model.string("architecture"),
                model.integer("layers"),
                model.integer("hidden_size"),
                model.integer("vocab_size"),
                model.string("stored_dtype"),
                model.string("compute_dtype"),
                model.string("revision"));
    }

    private Set<Statistic> statistics() throws LensFileException {
        Section stats = file.get("stats", Section.class);
        Set<Statistic> statistics = new HashSet<>();
        for (Statistic statistic : Statistic.all()) {
            if (stats.has(RunJson.key(statistic))) {
                statistics.add(statistic);
            }
        }
        return statistics;
    }

    private NumberForm numberForm() throws LensFileException {
        JsonFields run = file.get("run", JsonFields.class);
        boolean compact = run.object().has("number_form")
                ? run.string("number_form").equals("compact")
                : file.has("tracked_encoding") && file.string("tracked_encoding").equals("ppm");
        return compact ? NumberForm.COMPACT : NumberForm.EXACT;
    }

    private boolean hasLogProbs() throws LensFileException {
        String encoding = file.string("tracked_encoding");
        return switch (encoding) {
            case "ppm" -> false;
            case "float32" -> true;
            default ->
                throw new LensFileException(
                        "$.tracked_encoding: expected \"ppm\" or \"float32\", found \"" + encoding + "\"", null);
        };
    }

    private static Optional<Timings> timings(JsonFields file) throws LensFileException {
        double queued = file.float64("queue_ms");
        double forward = file.float64("forward_ms");
        double lens = file.float64("lens_ms");
        return Double.isNaN(queued + forward + lens)
                ? Optional.empty()
                : Optional.of(new Timings(duration(queued), duration(forward), duration(lens)));
    }

    private static Duration duration(double milliseconds) {
        return Duration.ofNanos(Math.round(milliseconds * 1e6));
    }

    private List<Prediction> finalTops() throws LensFileException {
        Section finalTop = file.get("final_top", Section.class);
        int[] ids = finalTop.grid("ids").toInts(positions.length);
        float[] logProbs = finalTop.grid("log_probs").toFloats(positions.length);
        List<Prediction> tops = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            tops.add(new Prediction(known(ids[i]), logProbs[i]));
        }
        return tops;
    }

    private List<TargetInfo> targetInfos() throws LensFileException {
        List<TargetInfo> infos = new ArrayList<>();
        for (Section target : targets) {
            NumberGrid tokenIds = target.grid("token_ids");
            List<Token> tokens = new ArrayList<>();
            for (int id : tokenIds.toInts(tokenIds.length())) {
                tokens.add(known(id));
            }
            List<OptionalInt> ids = new ArrayList<>();
            for (int id : target.grid("ids").toIntsOr(-1, positions.length)) {
                ids.add(id < 0 ? OptionalInt.empty() : OptionalInt.of(known(id).id()));
            }
            infos.add(new TargetInfo(asked(target, tokens), tokens, ids));
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

    private List<LayerColumns> layerColumns(RunInfo info) throws LensFileException {
        Section topK = file.get("top_k", Section.class);
        Section stats = file.get("stats", Section.class);
        int[] topIds = topK.grid("ids").toInts(layers.length, positions.length, k);
        float[] topLogProbs = topK.grid("log_probs").toFloats(layers.length, positions.length, k);
        for (int id : topIds) {
            known(id);
        }
        Map<Statistic, float[]> statistics = new HashMap<>();
        for (Statistic statistic : info.statistics()) {
            statistics.put(statistic, stats.grid(RunJson.key(statistic)).toFloats(layers.length, positions.length));
        }
        TargetColumns targetColumns = new TargetColumns(targets, info, layers.length);
        List<LayerColumns> columns = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            Map<Statistic, float[]> ofLayer = new HashMap<>();
            for (Map.Entry<Statistic, float[]> column : statistics.entrySet()) {
                ofLayer.put(column.getKey(), layerOf(column.getValue(), i));
            }
            columns.add(new LayerColumns(
                    layers[i],
                    Arrays.copyOfRange(topIds, i * positions.length * k, (i + 1) * positions.length * k),
                    Arrays.copyOfRange(topLogProbs, i * positions.length * k, (i + 1) * positions.length * k),
                    targetColumns.ranks(i),
                    targetColumns.logProbs(i),
                    ofLayer));
        }
        return columns;
    }

    private float[] layerOf(float[] values, int layer) {
        return Arrays.copyOfRange(values, layer * positions.length, (layer + 1) * positions.length);
    }

    private List<TrackedColumns> tracked() throws LensFileException {
        List<Section> sections = file.get("tracked", Section.Sections.class).list();
        require(
                sections.size() == positions.length,
                "$.tracked: expected one element for each of " + positions.length + " positions, found "
                        + sections.size());
        List<TrackedColumns> columns = new ArrayList<>();
        for (Section section : sections) {
            NumberGrid idGrid = section.grid("ids");
            int[] ids = idGrid.toInts(idGrid.length());
            requireAscending(section.path() + ".ids", ids, 0);
            for (int id : ids) {
                known(id);
            }
            float[] logProbs;
            if (hasLogProbs()) {
                logProbs = byToken(section.grid("log_probs").toFloats(layers.length, ids.length), ids.length);
            } else {
                int[] ppm = byToken(section.grid("ppm").toInts(layers.length, ids.length), ids.length);
                for (int value : ppm) {
                    require(
                            value >= 0 && value <= MILLION,
                            section.path() + ".ppm: " + value + " is outside 0 .. 1000000");
                }
                logProbs = logProbs(ppm);
            }
            columns.add(new TrackedColumns(ids, logProbs));
        }
        return columns;
    }

    /** From millionths; 0 of them say nothing but that it is less. */
    static float[] logProbs(int[] ppm) {
        float[] values = new float[ppm.length];
        for (int i = 0; i < ppm.length; i++) {
            values[i] = ppm[i] == 0 ? Float.NaN : (float) Math.log(ppm[i] / (double) MILLION);
        }
        return values;
    }

    /** From one row a layer, as in the file, to one row a token. */
    private float[] byToken(float[] byLayer, int tokens) {
        float[] turned = new float[byLayer.length];
        for (int i = 0; i < turned.length; i++) {
            turned[i % tokens * layers.length + i / tokens] = byLayer[i];
        }
        return turned;
    }

    private int[] byToken(int[] byLayer, int tokens) {
        int[] turned = new int[byLayer.length];
        for (int i = 0; i < turned.length; i++) {
            turned[i % tokens * layers.length + i / tokens] = byLayer[i];
        }
        return turned;
    }

    private static Token token(int id, JsonFields fields) throws LensFileException {
        require(id >= 0, fields.path() + ": token id " + id + " is below 0");
        return new Token(id, fields.string("raw"), fields.string("text"));
    }

    private Token known(int id) throws LensFileException {
        Token token = vocabulary.get(id);
        if (token == null) {
            throw new LensFileException("$.vocab: token id " + id + " is used, but has no entry here", null);
        }
        return token;
    }

    private int[] ascending(String key, int first) throws LensFileException {
        NumberGrid grid = file.grid(key);
        int[] values = grid.toInts(grid.length());
        require(values.length > 0, "$." + key + ": empty");
        requireAscending("$." + key, values, first);
        return values;
    }

    static void requireAscending(String path, int[] values, int first) throws LensFileException {
        int previous = first - 1;
        for (int value : values) {
            require(value > previous, path + ": not ascending from " + first + ": " + value + " after " + previous);
            previous = value;
        }
    }

    private static List<Integer> boxed(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    static void require(boolean holds, String message) throws LensFileException {
        if (!holds) {
            throw new LensFileException(message, null);
        }
    }
}
