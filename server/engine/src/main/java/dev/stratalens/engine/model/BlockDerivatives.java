package dev.stratalens.engine.model;

import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchProgram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The blocks of a decoder in the form that derivatives pass. Programs are compiled when they are first used. Not thread-safe;
 * closed before its model.
 */
public final class BlockDerivatives implements AutoCloseable {

    private record Place(Device device, Mixer mixer) {}

    private final Decoder decoder;
    private final List<DecoderStage> stageOfBlock;
    private final Map<Place, TorchProgram> programs = new HashMap<>();

    BlockDerivatives(Decoder decoder, List<DecoderStage> stageOfBlock) {
        this.decoder = decoder;
        this.stageOfBlock = List.copyOf(stageOfBlock);
    }

    /** Runs the blocks over a prompt and keeps the residual stream after each; the caller closes it. */
    public PromptDerivatives of(int[] tokenIds) {
        return new PromptDerivatives(this, decoder, tokenIds);
    }

    int blockCount() {
        return stageOfBlock.size();
    }

    DecoderStage stage(int block) {
        return stageOfBlock.get(block);
    }

    TorchProgram program(int block) {
        DecoderStage stage = stage(block);
        return programs.computeIfAbsent(
                new Place(stage.device(), stage.mixer(block)), place -> stage.differentiable(place.mixer()));
    }

    @Override
    public void close() {
        programs.values().forEach(TorchProgram::close);
    }
}
