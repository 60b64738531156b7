package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.error.PromptTooLongException;
import dev.stratalens.engine.lens.plan.LensPrompt.SpecialTokens;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.engine.text.Tokenizer;
import java.util.Optional;

/** Turns a prompt into ids that the model has, no more than it can read. */
final class PromptReader {

    private final ModelDescription model;
    private final Tokenizer tokenizer;

    PromptReader(ModelDescription model, Tokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * A prompt as the model reads it.
     *
     * @param rendered the text that a chat became; empty for other prompts
     */
    record Prompt(TokenizedText tokens, Optional<String> rendered) {}

    Prompt read(LensPrompt prompt) {
        if (prompt instanceof LensPrompt.Text text) {
            if (text.text().isEmpty()) {
                throw InvalidFieldException.of(
                        "text",
                        Problem.MISSING,
                        "",
                        "Give a text of at least one character; to read what follows the special tokens alone, send their ids.");
            }
            return new Prompt(
                    tokens("text", text.text(), text.specialTokens() == SpecialTokens.TOKENIZER_DEFAULT),
                    Optional.empty());
        }
        if (prompt instanceof LensPrompt.Chat chat) {
            String rendered = ChatRenderer.render("chat", chat, tokenizer);
            // The template wrote the special tokens already.
            return new Prompt(tokens("chat", rendered, false), Optional.of(rendered));
        }
        int[] ids = ((LensPrompt.TokenIds) prompt).ids();
        requireLength("token_ids", ids.length);
        for (int i = 0; i < ids.length; i++) {
            VocabularyIds.require("token_ids.ids[%d]".formatted(i), ids[i], model, VocabularyIds.REMEDY);
        }
        return new Prompt(new TokenizedText(ids, new int[0], new int[0]), Optional.empty());
    }

    private TokenizedText tokens(String field, String text, boolean addSpecialTokens) {
        TokenizedText tokens = tokenizer.encode(text, addSpecialTokens);
        requireLength(field, tokens.ids().length);
        for (int id : tokens.ids()) {
            VocabularyIds.require(field, id, model, "The tokenizer reads a token here that the model does not have.");
        }
        return tokens;
    }

    private void requireLength(String field, int count) {
        if (count == 0) {
            throw InvalidFieldException.of(field, Problem.MISSING, "", "Give a prompt of at least one token.");
        }
        if (count > model.contextLength()) {
            throw new PromptTooLongException(count, model.contextLength());
        }
    }
}
