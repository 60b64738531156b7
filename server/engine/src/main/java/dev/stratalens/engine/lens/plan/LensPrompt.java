package dev.stratalens.engine.lens.plan;

/** What the model is to read. */
public sealed interface LensPrompt {

    /** A text, read as it is; nothing is trimmed. */
    record Text(String text, SpecialTokens specialTokens) implements LensPrompt {}

    /** Vocabulary ids, used as they are. The array is not copied: read-only. The numbers are unsigned, as on the wire. */
    record TokenIds(int[] ids) implements LensPrompt {}

    /** Which tokens a tokenizer adds to a text. */
    enum SpecialTokens {
        /** Those of its own template, such as BOS. */
        TOKENIZER_DEFAULT,
        /** None. */
        NONE
    }
}
