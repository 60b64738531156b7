package dev.stratalens.engine.text;

/** The spelling of bytes in a vocabulary. */
public enum TokenSpelling {
    /** The spelling is the text itself. */
    PLAIN,
    /** Each byte is written as one printable character, as in GPT-2. */
    BYTE_LEVEL,
    /** A space is written as U+2581, as in SentencePiece. */
    METASPACE
}
