package dev.stratalens.engine.model;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.model.site.HeadShape;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.text.TokenSpelling;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Description of a loaded model.
 *
 * @param name as served
 * @param revision commit of a hub snapshot, or empty
 * @param architecture {@code model_type}
 * @param blockCount L
 * @param hiddenSize width d of the residual stream
 * @param vocabularySize rows V of the unembedding
 * @param contextLength longest prompt, in tokens
 * @param parameterCount parameters in the checkpoint
 * @param storedType format of the weights in the files; empty if there are several, or if they are quantized
 * @param computeType format of the computation
 * @param finalNorm norm before the unembedding
 * @param head the steps after that norm
 * @param tokenSpelling spelling of the vocabulary
 * @param placement devices of its parts
 * @param sites the sites that each block has
 * @param attributed those of them that write to the stream, and so have a share of a logit
 * @param streams residual streams of a token
 * @param heads the attention heads of each block
 * @param notASum why the residual stream is not the sum of what the blocks add, so that it has no attribution; empty if it is
 */
public record ModelDescription(
        String name,
        String revision,
        String architecture,
        int blockCount,
        int hiddenSize,
        int vocabularySize,
        int contextLength,
        long parameterCount,
        Optional<DataType> storedType,
        DataType computeType,
        FinalNorm finalNorm,
        HeadDescription head,
        TokenSpelling tokenSpelling,
        Placement placement,
        List<Set<Site>> sites,
        List<Set<Site>> attributed,
        int streams,
        List<HeadShape> heads,
        Optional<String> notASum) {

    /** Copies the lists. */
    public ModelDescription {
        sites = List.copyOf(sites);
        attributed = List.copyOf(attributed);
        heads = List.copyOf(heads);
    }

    /** Kinds of the norm before the unembedding. */
    public enum FinalNorm {
        /** The family has no final norm. */
        NONE,
        /** LayerNorm. */
        LAYER_NORM,
        /** RMSNorm. */
        RMS_NORM
    }

    /**
     * Steps between the final norm and the logits.
     *
     * @param tied whether the unembedding is the embedding matrix
     * @param bias whether the unembedding has a bias
     * @param logitScale factor on the logits, 1 for none
     * @param logitSoftcap c of c * tanh(logits / c), 0 for none
     */
    public record HeadDescription(boolean tied, boolean bias, float logitScale, float logitSoftcap) {}
}
