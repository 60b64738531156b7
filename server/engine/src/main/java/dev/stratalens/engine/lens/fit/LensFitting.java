package dev.stratalens.engine.lens.fit;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.engine.checkpoint.SafetensorsWriter.Numbers;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.LensFile;
import dev.stratalens.engine.lens.transport.LensFile.MapNumbers;
import dev.stratalens.engine.lens.transport.LensOrigin;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.weight.TorchTypes;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fits a lens of a model on texts, from the checkpoint of an earlier run if there is one. The result depends on the plan, the texts, the
 * machine and its number of threads alone: a run that was killed and taken up again gives the same bits as one that was not. Not
 * thread-safe.
 */
public final class LensFitting {

    /** The lens. */
    public static final String LENS = "lens.safetensors";
    /** What the lens gains. */
    public static final String EVALUATION = "evaluation.json";
    /** The state of a fit that is not done. */
    public static final String CHECKPOINT = "fit.checkpoint";

    private final CausalLanguageModel model;
    private final FitPlan plan;
    private final TokenSequences sequences;

    /**
     * A fit of a model that computes in float32, on any devices. Maps and gradients are on that of the head.
     *
     * @throws FitFailedException if the model has a single block, so there is nothing to fit, if it has several residual streams
     *     and the kind is Jacobian, or if a sequence is longer than its context
     */
    public LensFitting(CausalLanguageModel model, FitPlan plan, TokenSequences sequences) {
        if (model.architecture().extents().blocks() < 2) {
            throw new FitFailedException("A model with one block has no layer before its last one to fit.");
        }
        if (plan.kind() instanceof FitKind.Jacobian
                && model.architecture().streams().count() > 1) {
            throw new FitFailedException(
                    "This model has %d residual streams, and a block reads none of them alone, so a Jacobian lens has no meaning. Fit a tuned lens."
                            .formatted(model.architecture().streams().count()));
        }
        int context = model.architecture().extents().context();
        for (List<int[]> part : List.of(sequences.fitted(), sequences.heldOut())) {
            if (part.stream().anyMatch(sequence -> sequence.length > context)) {
                throw new FitFailedException(
                        "A sequence is longer than the %,d tokens that the model reads at most. Cut it."
                                .formatted(context));
            }
        }
        this.model = model;
        this.plan = plan;
        this.sequences = sequences;
    }

    /**
     * Fits, evaluates, and writes the files; then the checkpoint is deleted.
     *
     * @throws IOException if a file cannot be written
     * @throws dev.stratalens.engine.error.InvalidCheckpointException if there is a checkpoint with other settings
     */
    public FitResult run(FitListener listener) throws IOException {
        String hash = model.unembeddingHash().orElse("");
        Path file = plan.output().resolve(CHECKPOINT);
        var checkpoint = new FitCheckpoint(
                file,
                "%s; %s; text %s; unembedding %s".formatted(plan.kind(), plan.settings(), sequences.digest(), hash));
        try (OngoingFit fit = fit()) {
            if (Files.exists(file)) {
                checkpoint.read(fit);
                listener.resumed(fit.progress());
            }
            fit(fit, checkpoint, listener);
            try (var evaluation = new Evaluation(model, fit, plan.kind().skippedPositions())) {
                evaluate(evaluation, listener);
                write(fit, hash);
                write(evaluation);
                Files.deleteIfExists(file);
                return new FitResult(
                        plan.output().resolve(LENS),
                        plan.output().resolve(EVALUATION),
                        fit.usedSequences(),
                        evaluation.positions(),
                        evaluation.gains());
            }
        }
    }

    private OngoingFit fit() {
        if (plan.kind() instanceof FitKind.Tuned tuned) {
            return new TunedFit(model, tuned, sequences.fitted());
        }
        return new JacobianFit(model, (FitKind.Jacobian) plan.kind(), sequences.fitted());
    }

    private void fit(OngoingFit fit, FitCheckpoint checkpoint, FitListener listener) throws IOException {
        long saved = System.nanoTime();
        while (!fit.isDone()) {
            fit.step();
            listener.stepped(fit.progress());
            if (System.nanoTime() - saved >= plan.saveEvery().toNanos()) {
                checkpoint.write(fit, model.head());
                saved = System.nanoTime();
            }
        }
        checkpoint.write(fit, model.head());
    }

    private void evaluate(Evaluation evaluation, FitListener listener) {
        List<int[]> heldOut = sequences.heldOut();
        for (int first = 0; first < heldOut.size(); ) {
            List<int[]> rest = heldOut.subList(first, heldOut.size());
            int count = SequenceRows.together(model, rest);
            evaluation.add(rest.subList(0, count));
            first += count;
            listener.evaluated(first, heldOut.size());
        }
    }

    private void write(OngoingFit fit, String hash) throws IOException {
        try (TorchProgram program = model.head().fittingProgram();
                TorchScope scope = program.scope()) {
            var maps = new TreeMap<ReadPoint, MapNumbers>();
            for (ReadPoint point : fit.points()) {
                OngoingFit.CurrentMap map = fit.map(scope, point);
                long width = map.matrix().rows();
                maps.put(
                        point,
                        new MapNumbers(
                                numbers(program, scope, map.matrix(), width, width),
                                fit.isBiased()
                                        ? Optional.of(numbers(program, scope, map.bias(), width))
                                        : Optional.empty()));
            }
            var origin = new LensOrigin(
                    "stratalens",
                    plan.model(),
                    plan.revision(),
                    hash,
                    Math.min(fit.usedSequences(), sequences.fitted().size()),
                    plan.kind().skippedPositions());
            WholeFile.write(plan.output().resolve(LENS), out -> LensFile.write(fit.form(), origin, maps, out));
        }
    }

    private Numbers numbers(TorchProgram program, TorchScope scope, TorchTensor tensor, long... shape) {
        long code = TorchTypes.code(plan.stored().weightType().orElseThrow());
        return new Numbers(
                plan.stored(), shape, TensorBytes.of(model.head(), program.tensor(scope, "stored", tensor, code)));
    }

    private void write(Evaluation evaluation) throws IOException {
        WholeFile.write(plan.output().resolve(EVALUATION), out -> {
            var json = new JsonWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            json.setIndent("  ");
            json.beginObject();
            json.name("kind").value(plan.kind().label());
            json.name("model").value(plan.model());
            json.name("held_out_sequences").value(sequences.heldOut().size());
            json.name("held_out_positions").value(evaluation.positions());
            json.name("read_points").beginArray();
            for (LayerGain gain : evaluation.gains()) {
                json.beginObject();
                json.name("layer")
                        .value(
                                gain.point().equals(ReadPoint.EMBEDDING)
                                        ? -1
                                        : gain.point().block());
                json.name("logit_lens");
                write(json, gain.plain());
                json.name("fitted_lens");
                write(json, gain.fitted());
                json.endObject();
            }
            json.endArray().endObject();
            json.flush();
        });
    }

    private static void write(JsonWriter json, LayerGain.Distance distance) throws IOException {
        json.beginObject();
        json.name("kl").value(distance.divergence());
        json.name("top1_agreement").value(distance.agreement());
        json.endObject();
    }
}
