package dev.stratalens.report.file;

import static dev.stratalens.report.file.NativeJsonContents.require;

import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.internal.result.TrackedColumns;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.report.file.V2JsonReader.Curves;
import dev.stratalens.report.file.V2JsonReader.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A parsed file of the widget: checks that its parts are consistent and builds a partial result. */
final class V2JsonContents {

    private static final float[] NONE = {};
    private static final double MILLION = 1e6;

    private final Section file;
    private final V2Tokens tokens;
    private final int[] layers;
    private final Names input;
    private final List<List<Names>> topK;
    private final List<Curves> curves;

    V2JsonContents(Section file) throws LensFileException {
        this.file = file;
        int version = file.object("meta").integer("version");
        require(version == 2, "$.meta.version: expected 2, found " + version);
        tokens = new V2Tokens(file);
        NumberGrid numbers = file.grid("layers");
        layers = numbers.toInts(numbers.length());
        require(layers.length > 0, "$.layers: empty");
        NativeJsonContents.requireAscending("$.layers", layers, 0);
        input = file.get("input", Names.class, "an array");
        topK = file.get("topk", V2JsonReader.TopK.class, "an array").layers();
        curves = file.get("tracked", V2JsonReader.Tracked.class, "an array").positions();
        require(!input.names().isEmpty(), "$.input: empty");
        requireLength("$.topk", topK.size(), layers.length, "layers");
        for (int layer = 0; layer < layers.length; layer++) {
            requireLength("$.topk[" + layer + "]", topK.get(layer).size(), positions(), "input tokens");
        }
        requireLength("$.tracked", curves.size(), positions(), "input tokens");
        for (Curves position : curves) {
            check(position);
        }
    }

    ResultColumns toResult() throws LensFileException {
        int k = topK.get(0).get(0).names().size();
        require(k > 0, "$.topk[0][0]: empty");
        List<LayerColumns> columns = new ArrayList<>();
        for (int layer = 0; layer < layers.length; layer++) {
            columns.add(layer(layer, k));
        }
        List<TrackedColumns> tracked = new ArrayList<>();
        for (Curves position : curves) {
            tracked.add(tracked(position));
        }
        return new ResultColumns(
                info(k, columns.get(layers.length - 1)),
                List.of(new LensColumns(Lens.logit(), columns, tracked)),
                tokens.byId(),
                ResultSummary.builder().build());
    }

    private LayerColumns layer(int layer, int k) throws LensFileException {
        int[] ids = new int[positions() * k];
        float[] logProbs = new float[ids.length];
        for (int position = 0; position < positions(); position++) {
            Names cell = topK.get(layer).get(position);
            require(
                    cell.names().size() == k,
                    cell.path() + ": expected " + k + " tokens, as in the first cell, found "
                            + cell.names().size());
            for (int place = 0; place < k; place++) {
                String name = cell.names().get(place);
                ids[position * k + place] = tokens.of(name).id();
                logProbs[position * k + place] = (float) Math.log(ppm(cell, name, position)[layer] / MILLION);
            }
        }
        return new LayerColumns(ReadPoint.ofLayer(layers[layer]), ids, logProbs, new int[0], NONE, Map.of());
    }

    private int[] ppm(Names cell, String name, int position) throws LensFileException {
        int[] ppm = curves.get(position).ppm().get(name);
        if (ppm == null) {
            throw new LensFileException(
                    cell.path() + ": there is no trajectory of \"" + name + "\" in $.tracked", null);
        }
        return ppm;
    }

    private void check(Curves position) throws LensFileException {
        for (Map.Entry<String, int[]> curve : position.ppm().entrySet()) {
            String path = position.path() + "[\"" + curve.getKey() + "\"]";
            requireLength(path, curve.getValue().length, layers.length, "layers");
            for (int ppm : curve.getValue()) {
                require(ppm >= 0 && ppm <= MILLION, path + ": " + ppm / MILLION + " is not a probability");
            }
        }
    }

    private TrackedColumns tracked(Curves position) {
        List<Map.Entry<String, int[]>> rows = new ArrayList<>(position.ppm().entrySet());
        rows.forEach(row -> tokens.of(row.getKey()));
        rows.sort(Comparator.comparingInt(row -> tokens.of(row.getKey()).id()));
        return new TrackedColumns(
                rows.stream().mapToInt(row -> tokens.of(row.getKey()).id()).toArray(),
                logProbs(rows.stream()
                        .flatMapToInt(row -> Arrays.stream(row.getValue()))
                        .toArray()));
    }

    /** Log-probabilities from millionths; 0 means only that it is less than one. */
    private static float[] logProbs(int[] ppm) {
        float[] values = new float[ppm.length];
        for (int i = 0; i < ppm.length; i++) {
            values[i] = ppm[i] == 0 ? Float.NaN : (float) Math.log(ppm[i] / MILLION);
        }
        return values;
    }

    private ResultInfo info(int k, LayerColumns last) throws LensFileException {
        List<Prediction> finalTops = IntStream.range(0, positions())
                .mapToObj(position ->
                        Prediction.of(tokens.known(last.ids()[position * k]), last.logProbs()[position * k]))
                .toList();
        return ResultInfo.builder(ModelInfo.builder(model(), layers[layers.length - 1] + 1)
                        .build())
                .tokens(input.names().stream()
                        .map(name -> PromptToken.of(tokens.of(name)))
                        .toList())
                .readPoints(Arrays.stream(layers).mapToObj(ReadPoint::ofLayer).toList())
                .positions(IntStream.range(0, positions()).boxed().toList())
                .k(k)
                .numberForm(NumberForm.COMPACT)
                .hasTrajectories(true)
                .finalTops(finalTops)
                .build();
    }

    private String model() throws LensFileException {
        Section meta = file.object("meta");
        return meta.has("model") ? meta.string("model") : "unnamed model";
    }

    private int positions() {
        return input.names().size();
    }

    private static void requireLength(String path, int length, int expected, String what) throws LensFileException {
        require(
                length == expected,
                path + ": expected one element for each of " + expected + " " + what + ", found " + length);
    }
}
