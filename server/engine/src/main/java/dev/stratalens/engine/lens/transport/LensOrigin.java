package dev.stratalens.engine.lens.transport;

/**
 * What a file says of how a lens was fitted. A text is empty, and a number 0, where it says nothing.
 *
 * @param fittedBy the program whose form the file has
 * @param model name of the model it was fitted for
 * @param revision of that model
 * @param unembeddingHash SHA-256 of the model's unembedding, in hexadecimal
 * @param prompts that it was fitted on
 * @param skippedPositions positions at the beginning of each prompt that fitting left out
 */
public record LensOrigin(
        String fittedBy, String model, String revision, String unembeddingHash, long prompts, long skippedPositions) {

    static LensOrigin of(String fittedBy) {
        return new LensOrigin(fittedBy, "", "", "", 0, 0);
    }
}
