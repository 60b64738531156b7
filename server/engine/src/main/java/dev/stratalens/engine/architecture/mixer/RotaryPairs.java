package dev.stratalens.engine.architecture.mixer;

/** Which dimensions of a head rotate together. */
public enum RotaryPairs implements ProgramChoice {
    /** Dimension i with dimension i + half (GPT-NeoX, Llama). */
    HALVES,
    /** Dimension 2i with dimension 2i + 1 (GPT-J). */
    ADJACENT
}
