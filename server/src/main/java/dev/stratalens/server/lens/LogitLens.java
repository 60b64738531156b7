package dev.stratalens.server.lens;

import dev.stratalens.server.model.CausalLanguageModel;
import dev.stratalens.server.model.ModelDescription;
import dev.stratalens.server.model.torch.TorchProgram;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.text.Tokenizer;
import java.util.List;

/** The logit lens of one model on this machine. */
public final class LogitLens implements LensEngine {

    private final CausalLanguageModel model;
    private final Tokenizer tokenizer;
    private final ModelDescription description;
    private final StatisticsPass pass;
    private final TiledProjection projection;
    private final MemoryNeed memoryNeed;

    /** Takes over a model, its tokenizer and a pass. */
    LogitLens(String name, CausalLanguageModel model, Tokenizer tokenizer, TileGeometry geometry, StatisticsPass pass) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.description = model.describe(name, tokenizer.spelling());
        this.pass = pass;
        this.projection = new TiledProjection(model.head(), pass, geometry);
        this.memoryNeed = new MemoryNeed(model.architecture(), model.head().computeType(), geometry);
    }

    /**
     * The lens of a model. Closing it closes the model and the tokenizer.
     *
     * @param name as served
     * @param workBufferBytes bound of the buffer for logits
     * @param threads over which statistics are shared out
     */
    public static LogitLens of(
            String name, CausalLanguageModel model, Tokenizer tokenizer, long workBufferBytes, int threads) {
        TileGeometry geometry = TileGeometry.within(
                workBufferBytes,
                model.head().vocabularySize(),
                model.head().computeType().byteSize());
        var pass = new HeapPass(WarmingKernel.best(), threads, geometry.columns());
        return new LogitLens(name, model, tokenizer, geometry, pass);
    }

    /** The model that is read; it stays with the lens. */
    public CausalLanguageModel model() {
        return model;
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public long memoryNeed(LensPlan plan) {
        return memoryNeed.bytes(plan);
    }

    @Override
    // Throwable: an error in one task must reach its caller and must not end the thread that serves the others.
    public void run(List<LensTask> tasks, Interlude interlude) {
        TorchProgram.disableShapeSpecialisation();
        for (LensTask task : tasks) {
            try (TorchScope request = model.decoder().requestScope()) {
                task.completed(
                        new LensRun(model, projection, task.plan(), task.listener(), task.cancellation(), request)
                                .run());
            } catch (Throwable failure) {
                task.failed(failure);
            }
            interlude.take();
        }
    }

    @Override
    public void close() {
        projection.close();
        pass.close();
        model.close();
        tokenizer.close();
    }
}
