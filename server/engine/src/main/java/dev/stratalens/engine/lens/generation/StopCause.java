package dev.stratalens.engine.lens.generation;

/** Why a generation ended. */
public enum StopCause {
    /** Its last token ends a text. */
    END_TOKEN,
    /** Its text contains a stop text. */
    STOP_TEXT,
    /** It has as many tokens as were asked for. */
    MAX_TOKENS
}
