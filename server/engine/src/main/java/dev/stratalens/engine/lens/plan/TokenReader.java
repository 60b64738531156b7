package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.error.PromptTooLongException;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.engine.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Resolves prompts and targets to ids of the model. */
record TokenReader(ModelDescription model, Tokenizer tokenizer) {

    private static final String OWN_IDS = "Use ids of this model's own vocabulary.";
    private static final String UNKNOWN_TOKEN = "The tokenizer produces a token that the model does not have.";

    /**
     * An encoded prompt.
     *
     * @param rendered the rendered text of a chat; empty for other prompts
     */
    record Prompt(TokenizedText tokens, Optional<String> rendered) {}

    /** Encodes a prompt in a field of the request; refuses one with more tokens than fit in the model's context. */
    Prompt prompt(String field, LensPrompt prompt) {
        if (prompt instanceof LensPrompt.Text text) {
            if (text.text().isEmpty()) {
                throw InvalidFieldException.of(
                        field + ".text",
                        Problem.MISSING,
                        "",
                        "Give a text of at least one character; to read what follows the special tokens alone, send"
                                + " their ids.");
            }
            return new Prompt(
                    tokens(field + ".text", text.text(), text.specialTokens() == SpecialTokens.TOKENIZER_DEFAULT),
                    Optional.empty());
        }
        if (prompt instanceof LensPrompt.Chat chat) {
            chat.messages().forEach(message -> requireFits(message.content()));
            String rendered = ChatRenderer.render(field + ".chat", chat, tokenizer);
            // The template already wrote the special tokens.
            return new Prompt(tokens(field + ".chat", rendered, false), Optional.of(rendered));
        }
        int[] ids = ((LensPrompt.TokenIds) prompt).ids();
        requireLength(field + ".token_ids", ids.length);
        for (int i = 0; i < ids.length; i++) {
            require("%s.token_ids.ids[%d]".formatted(field, i), ids[i], OWN_IDS);
        }
        return new Prompt(new TokenizedText(ids, new int[0], new int[0]), Optional.empty());
    }

    private TokenizedText tokens(String field, String text, boolean addSpecialTokens) {
        requireFits(text);
        TokenizedText tokens = tokenizer.encode(text, addSpecialTokens);
        requireLength(field, tokens.ids().length);
        for (int id : tokens.ids()) {
            require(field, id, UNKNOWN_TOKEN);
        }
        return tokens;
    }

    /** A text that cannot fit in the context is not read: that would take long, and much memory. */
    private void requireFits(String text) {
        int least = text.length() / tokenizer.longestToken();
        if (least > model.contextLength()) {
            throw PromptTooLongException.atLeast(least, model.contextLength());
        }
    }

    private void requireLength(String field, int count) {
        if (count == 0) {
            throw InvalidFieldException.of(field, Problem.MISSING, "", "Give a prompt of at least one token.");
        }
        if (count > model.contextLength()) {
            throw new PromptTooLongException(count, model.contextLength());
        }
    }

    /** The vocabulary ids of targets given by id or text. */
    List<PlannedTarget> targets(List<RequestedTarget> targets) {
        if (targets.size() > LensPlanner.MAX_TARGETS) {
            throw InvalidFieldException.tooMany(
                    "targets", targets.size(), LensPlanner.MAX_TARGETS, "Ask for the others in another request.");
        }
        List<PlannedTarget> planned = new ArrayList<>();
        for (RequestedTarget target : targets) {
            planned.add(new PlannedTarget(target, tokenIds("targets[%d]".formatted(planned.size()), target)));
        }
        return planned;
    }

    /** The id of a token that is the same at every position. */
    int token(String field, RequestedTarget target) {
        List<Integer> ids = tokenIds(field, target);
        if (ids.isEmpty()) {
            throw InvalidFieldException.of(
                    field + ".position_target",
                    Problem.NOT_UNDERSTOOD,
                    "position_target",
                    "Here a token must be the same at every position. Give a text or an id.");
        }
        return ids.get(0);
    }

    private List<Integer> tokenIds(String field, RequestedTarget target) {
        if (target instanceof RequestedTarget.TokenId byId) {
            require(field + ".id", byId.id(), OWN_IDS);
            return List.of(byId.id());
        }
        if (target instanceof RequestedTarget.Text byText) {
            return encodingOf(field + ".text", byText.text());
        }
        return List.of();
    }

    private List<Integer> encodingOf(String field, String text) {
        if (text.isEmpty()) {
            throw InvalidFieldException.of(field, Problem.MISSING, "", "Give a word; a leading space counts.");
        }
        OptionalInt whole = tokenizer.lookup(text);
        List<Integer> ids = whole.isPresent()
                ? List.of(whole.getAsInt())
                : IntStream.of(tokenizer.encode(text, false).ids()).boxed().toList();
        if (ids.isEmpty()) {
            throw InvalidFieldException.of(
                    field, Problem.NOT_UNDERSTOOD, text, "The tokenizer finds no token in it. Give another word.");
        }
        ids.forEach(id -> require(field, id, UNKNOWN_TOKEN));
        return ids;
    }

    private void require(String field, int id, String remedy) {
        if (id < 0 || id >= model.vocabularySize()) {
            throw InvalidFieldException.outOfRange(field, id, 0, model.vocabularySize() - 1, remedy);
        }
    }
}
