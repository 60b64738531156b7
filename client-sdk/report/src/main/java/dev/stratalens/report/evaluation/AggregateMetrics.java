package dev.stratalens.report.evaluation;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.request.Lens;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code aggregate_metrics.json} of tuned-lens 0.2.0: means in bits per byte. Its layer i is what enters block i, so layer 0 is the
 * embedding, and the model's output is the baseline. It means over tokens and turns all means into bits per byte by the tokens and bytes
 * of the whole text, also that of the cross-entropy, which has a token less in each sequence.
 */
public final class AggregateMetrics {

    private static final Map<String, EvaluationMeasure> MEASURES = new LinkedHashMap<>();

    static {
        MEASURES.put("ce", EvaluationMeasure.CROSS_ENTROPY);
        MEASURES.put("entropy", EvaluationMeasure.ENTROPY);
        MEASURES.put("kl", EvaluationMeasure.KL);
    }

    private AggregateMetrics() {}

    /**
     * Writes the object and a line feed. Does not close the writer.
     *
     * @param blocks number of blocks of the model
     * @param lenses lenses by the names that the file has for them, {@code logit} and {@code tuned}; the logit lens is the baseline
     */
    public static void write(EvaluationSums sums, int blocks, Map<String, Lens> lenses, Writer out) throws IOException {
        Lens logit = Lens.logit();
        double nats = sums.weight(new EvaluationSeries(logit, blocks - 1, EvaluationMeasure.KL))
                / sums.weight(new EvaluationSeries(logit, blocks - 1, EvaluationMeasure.KL_BITS))
                / Math.log(2);
        JsonWriter json = new JsonWriter(out);
        json.beginObject();
        for (Map.Entry<String, Lens> lens : lenses.entrySet()) {
            json.name(lens.getKey()).beginObject();
            for (Map.Entry<String, EvaluationMeasure> measure : MEASURES.entrySet()) {
                json.name(measure.getKey()).beginObject();
                for (int block = 0; block < blocks; block++) {
                    json.name("layer_" + block)
                            .value(nats * mean(sums, lens.getValue(), block - 1, measure.getValue()));
                }
                json.endObject();
            }
            json.endObject();
        }
        json.name("baseline").beginObject();
        for (String measure : new String[] {"ce", "entropy"}) {
            EvaluationMeasure known =
                    measure.equals("ce") ? EvaluationMeasure.CROSS_ENTROPY : EvaluationMeasure.ENTROPY;
            json.name(measure)
                    .beginObject()
                    .name("final")
                    .value(nats * mean(sums, logit, blocks - 1, known))
                    .endObject();
        }
        json.endObject().endObject();
        json.flush();
        out.write('\n');
    }

    private static double mean(EvaluationSums sums, Lens lens, int layer, EvaluationMeasure measure) {
        return sums.estimate(new EvaluationSeries(lens, layer, measure)).mean();
    }
}
