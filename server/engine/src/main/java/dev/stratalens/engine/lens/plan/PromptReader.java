package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.error.PromptTooLongException;
import dev.stratalens.engine.lens.plan.LensPrompt.SpecialTokens;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.engine.text.Tokenizer;

/** Turns a prompt into ids that the model has, no more than it can read. */
final class PromptReader {

    private PromptReader() {}

    static TokenizedText read(LensPrompt prompt, ModelDescription model, Tokenizer tokenizer) {
        if (prompt instanceof LensPrompt.Text text) {
            if (text.text().isEmpty()) {
                throw InvalidFieldException.of(
                        "text",
                        Problem.MISSING,
                        "",
                        "Give a text of at least one character; to read what follows the special tokens alone, send their ids.");
            }
            TokenizedText tokens =
                    tokenizer.encode(text.text(), text.specialTokens() == SpecialTokens.TOKENIZER_DEFAULT);
            requireLength("text", tokens.ids().length, model);
            for (int id : tokens.ids()) {
                VocabularyIds.require(
                        "text", id, model, "The tokenizer reads a token here that the model does not have.");
            }
            return tokens;
        }
        int[] ids = ((LensPrompt.TokenIds) prompt).ids();
        requireLength("token_ids", ids.length, model);
        for (int i = 0; i < ids.length; i++) {
            VocabularyIds.require("token_ids.ids[%d]".formatted(i), ids[i], model, VocabularyIds.REMEDY);
        }
        return new TokenizedText(ids, new int[0], new int[0]);
    }

    private static void requireLength(String field, int count, ModelDescription model) {
        if (count == 0) {
            throw InvalidFieldException.of(field, Problem.MISSING, "", "Give a prompt of at least one token.");
        }
        if (count > model.contextLength()) {
            throw new PromptTooLongException(count, model.contextLength());
        }
    }
}
