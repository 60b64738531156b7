package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;

/** A vocabulary entry. Two ids are two tokens, even where their texts are equal. */
@AutoValue
public abstract class Token {

    Token() {}

    /** An entry. */
    public static Token of(int id, String raw, String text) {
        return new AutoValue_Token(id, raw, text);
    }

    /** Vocabulary id; below 0 if it is not known, as in files of the widget, and then of no meaning but in this result. */
    public abstract int id();

    /**
     * The entry as the vocabulary spells it, for example {@code "ĠParis"}; empty for an id that the tokenizer does not know.
     */
    public abstract String raw();

    /**
     * What it stands for, white space as it is, for example {@code " Paris"}. Bytes that are no whole character are written as
     * {@code <0xE6>}, an id that the tokenizer does not know as {@code <unused_123>}.
     */
    public abstract String text();

    /**
     * The text for human eyes, on one line: a space is {@code ·}, a line feed {@code ⏎}, a tab {@code →}, a no-break
     * space {@code ⍽}, and every other control, format or separator character is escaped as in Java, so that nothing
     * invisible hides or turns the line. A combining mark at the beginning stands on {@code ◌}.
     */
    public final String display() {
        return VisibleText.of(text());
    }
}
