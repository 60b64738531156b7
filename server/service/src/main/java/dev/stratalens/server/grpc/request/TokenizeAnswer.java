package dev.stratalens.server.grpc.request;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.ChatRenderer;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.server.grpc.message.ModelMessages;
import dev.stratalens.server.grpc.result.PromptChunks;
import dev.stratalens.server.grpc.result.SentTexts;
import dev.stratalens.server.grpc.result.TextParts;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.TokenizeResponse;
import java.util.Iterator;

/** A prompt's tokens, whatever their number, as responses of bounded size, each made when it is asked for. Not thread-safe. */
public final class TokenizeAnswer implements Iterator<TokenizeResponse> {

    private final LensEngine engine;
    private final TokenizedText tokens;
    private final PromptChunks chunks;
    private boolean begun;

    private TokenizeAnswer(LensEngine engine, TokenizedText tokens, String rendered) {
        this.engine = engine;
        this.tokens = tokens;
        this.chunks = new PromptChunks(tokens, new int[0], new TextParts(rendered), new SentTexts(engine.tokenizer()));
    }

    /** Reads the prompt of a request. */
    public static TokenizeAnswer of(TokenizeRequest request, LensEngine engine) {
        LensPrompt prompt = PromptParser.parse("prompt", request.hasPrompt(), request.getPrompt());
        if (prompt instanceof LensPrompt.Text text) {
            boolean addSpecialTokens = text.specialTokens() == SpecialTokens.TOKENIZER_DEFAULT;
            return new TokenizeAnswer(engine, engine.tokenizer().encode(text.text(), addSpecialTokens), "");
        }
        if (prompt instanceof LensPrompt.Chat chat) {
            String rendered = ChatRenderer.render("prompt.chat", chat, engine.tokenizer());
            return new TokenizeAnswer(engine, engine.tokenizer().encode(rendered, false), rendered);
        }
        int[] ids = ((LensPrompt.TokenIds) prompt).ids();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= engine.description().vocabularySize()) {
                throw InvalidFieldException.outOfRange(
                        "prompt.token_ids.ids[%d]".formatted(i),
                        ids[i],
                        0,
                        engine.description().vocabularySize() - 1,
                        "Use ids of this model's own vocabulary.");
            }
        }
        return new TokenizeAnswer(engine, new TokenizedText(ids, new int[0], new int[0]), "");
    }

    @Override
    public boolean hasNext() {
        return chunks.hasNext();
    }

    @Override
    public TokenizeResponse next() {
        TokenizeResponse.Builder response = TokenizeResponse.newBuilder().setChunk(chunks.next());
        if (!begun) {
            begun = true;
            response.setTokenCount(tokens.ids().length)
                    .setTokenSpelling(ModelMessages.spelling(engine.tokenizer().spelling()))
                    .setContextLength(engine.description().contextLength());
        }
        return response.build();
    }
}
