package dev.stratalens.engine.text;

/** How a vocabulary spells the bytes of its entries. */
public enum TokenSpelling {
    /** The entry is the text itself. */
    PLAIN,
    /** Each byte is written as one printable character, as in GPT-2. */
    BYTE_LEVEL,
    /** A space is written as U+2581, as in sentencepiece. */
    METASPACE
}
