package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.v1.PromptChunk;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** A prompt's tokens as messages of bounded size, one or more, each made when it is asked for. Not thread-safe. */
public final class PromptChunks implements Iterator<PromptChunk> {

    private static final int MAX_TOKENS = 4096;

    private final TokenizedText tokens;
    private final PositionRanges positions;
    private final TextParts rendered;
    private final SentTexts texts;
    private int next;
    private boolean begun;

    /**
     * @param positions token indices of the stream's positions, ascending
     * @param rendered what is left of a chat's text; empty where there is no chat
     */
    public PromptChunks(TokenizedText tokens, int[] positions, TextParts rendered, SentTexts texts) {
        this.tokens = tokens;
        this.positions = new PositionRanges(positions);
        this.rendered = rendered;
        this.texts = texts;
    }

    @Override
    public boolean hasNext() {
        return !begun || next < tokens.ids().length || !rendered.isOver();
    }

    @Override
    public PromptChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The prompt has no more chunks.");
        }
        begun = true;
        PromptChunk.Builder chunk = PromptChunk.newBuilder().setFirstToken(next);
        SentTexts.Table table = texts.table();
        int limit = Math.min(next + MAX_TOKENS, tokens.ids().length);
        while (next < limit && !table.isFull()) {
            chunk.addTokenIds(tokens.ids()[next]);
            table.add(tokens.ids()[next]);
            if (tokens.starts().length > 0) {
                chunk.addTokenStarts(tokens.starts()[next]).addTokenEnds(tokens.ends()[next]);
            }
            next++;
        }
        positions.addBefore(next, chunk);
        if (!rendered.isOver()) {
            chunk.setRenderedChat(rendered.next());
        }
        return chunk.setNewTokens(table.build()).build();
    }
}
