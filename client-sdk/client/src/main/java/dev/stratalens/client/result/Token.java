package dev.stratalens.client.result;

/**
 * A vocabulary entry. Two ids are two tokens, even where their texts are equal.
 *
 * @param id vocabulary id; below 0 if it is not known, as in files of the widget, and then of no meaning but in this result
 * @param raw the entry as the vocabulary spells it, for example {@code "ĠParis"}; empty for an id that the tokenizer does
 *     not know
 * @param text what it stands for, white space as it is, for example {@code " Paris"}; bytes that are no whole character
 *     are written as {@code <0xE6>}, an id that the tokenizer does not know as {@code <unused_123>}
 */
public record Token(int id, String raw, String text) {

    /**
     * The text for human eyes, on one line: a space is {@code ·}, a line feed {@code ⏎}, a tab {@code →}, and every other
     * control, format or separator character is escaped as in Java, so that nothing invisible hides or turns the line.
     */
    public String display() {
        return VisibleText.of(text);
    }
}
