package dev.stratalens.engine.architecture.rope;

/** Which dimensions of a head rotate together. */
public enum RotaryPairs {
    /** Dimension i with dimension i + half (GPT-NeoX, Llama). */
    HALVES("halves"),
    /** Dimension 2i with dimension 2i + 1 (GPT-J). */
    ADJACENT("adjacent");

    private final String programName;

    RotaryPairs(String programName) {
        this.programName = programName;
    }

    /** Value of {@code rotary_pairs} in the TorchScript program. */
    public String programName() {
        return programName;
    }
}
