package dev.stratalens.engine.lens.request;

/**
 * Which tokens are the predictions of a cell. The first is always the cell's most likely token; the rule says which the others are. All
 * come in order of probability.
 */
public sealed interface CandidateRule {

    /** The most likely tokens. */
    record MostLikely() implements CandidateRule {}

    /** The most likely words: {@link dev.stratalens.engine.text.Tokenizer#words()}. */
    record Words() implements CandidateRule {}

    /** The least likely tokens. */
    record LeastLikely() implements CandidateRule {}

    /** Of the {@link #AMONG} most likely tokens, those whose log-probability exceeds the one in a reference by most. */
    sealed interface Contrast extends CandidateRule {
        /** Number of a cell's most likely tokens among which is chosen. */
        int AMONG = 100;
    }

    /**
     * The reference is the same lens after another block.
     *
     * @param block index of the block
     */
    record LayerContrast(int block) implements Contrast {}

    /**
     * The reference is another lens at the same read point.
     *
     * @param lens index of a lens of the request
     */
    record LensContrast(int lens) implements Contrast {}
}
