package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.kernel.CalibrationFile;
import dev.stratalens.engine.lens.kernel.HeadReader;
import dev.stratalens.engine.lens.kernel.HeapPass;
import dev.stratalens.engine.lens.kernel.RowKernel;
import dev.stratalens.engine.lens.kernel.RowTeam;
import dev.stratalens.engine.lens.kernel.TileCalibration;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.kernel.TiledProjection;
import dev.stratalens.engine.lens.kernel.TokenLogits;
import dev.stratalens.engine.lens.kernel.WarmingKernel;
import dev.stratalens.engine.lens.pass.LensPass;
import dev.stratalens.engine.lens.pass.MemoryNeed;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensTask;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.text.Tokenizer;
import java.util.List;

/** A model on this machine with its lenses. */
public final class LoadedModel implements LensEngine {

    private final CausalLanguageModel model;
    private final Tokenizer tokenizer;
    private final ModelDescription description;
    private final RowTeam team;
    private final HeadReader reader;
    private final MemoryNeed memoryNeed;

    /** Takes over a model and its tokenizer. */
    public LoadedModel(
            String name,
            CausalLanguageModel model,
            Tokenizer tokenizer,
            TileGeometry geometry,
            RowKernel kernel,
            int threads) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.description = model.describe(name, tokenizer.spelling());
        this.team = new RowTeam(threads);
        Head head = model.head();
        this.reader = new HeadReader(
                head,
                new TiledProjection(head, new HeapPass(kernel, team), geometry),
                new TokenLogits(head, kernel, team));
        this.memoryNeed = new MemoryNeed(model.architecture(), head.computeType(), geometry);
    }

    /**
     * A model that is ready to be read. Closing it closes the model and the tokenizer.
     *
     * @param name as served
     * @param workBufferBytes bound of the buffer for logits
     * @param threads over which statistics are shared out
     */
    public static LoadedModel of(
            String name, CausalLanguageModel model, Tokenizer tokenizer, long workBufferBytes, int threads) {
        TileGeometry geometry =
                new TileCalibration(model.head(), workBufferBytes, CalibrationFile.ofThisMachine(threads)).geometry();
        return new LoadedModel(name, model, tokenizer, geometry, WarmingKernel.best(), threads);
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
    public void run(List<LensTask> tasks, Interlude interlude) {
        TorchProgram.disableShapeSpecialisation();
        new LensPass(model, reader, tasks, interlude).run();
    }

    @Override
    public void close() {
        reader.projection().close();
        team.close();
        model.close();
        tokenizer.close();
    }
}
