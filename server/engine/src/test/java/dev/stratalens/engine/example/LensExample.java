package dev.stratalens.engine.example;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.lens.LoadedModel;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints the token that each layer predicts after a text. */
final class LensExample {

    private static final long WORK_BUFFER_BYTES = 64L << 20;

    private LensExample() {}

    public static void main(String[] arguments) {
        print(Path.of(arguments[0]), arguments[1], System.out);
    }

    static void print(Path checkpoint, String text, PrintStream out) {
        var weights = CausalLanguageModel.load(CheckpointReader.open(checkpoint), Precision.AUTO, (done, total) -> {});
        var tokenizer = CheckpointReader.tokenizer(checkpoint);
        int threads = Runtime.getRuntime().availableProcessors();
        try (var model = LoadedModel.of("example", weights, tokenizer, WORK_BUFFER_BYTES, threads)) {
            var request = RequestedPlan.builder(new LensPrompt.Text(text, SpecialTokens.TOKENIZER_DEFAULT))
                    .positions(List.of(IndexRange.of(-1)))
                    .topK(1)
                    .build();
            LensPlan plan =
                    LensPlanner.plan(request, model.description(), tokenizer).plan();
            model.run(
                    plan,
                    cells -> out.printf(
                            Locale.ROOT,
                            "layer %d: \"%s\" %.3f%n",
                            plan.readPoints().get(cells.readPoint()).block(),
                            new String(tokenizer.entry(cells.topIds()[0]).bytes(), StandardCharsets.UTF_8),
                            Math.exp(cells.topLogProbs()[0])),
                    () -> false);
        }
    }
}
