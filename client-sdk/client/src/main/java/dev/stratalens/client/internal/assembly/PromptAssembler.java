package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Tokenization;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.TokenizeResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Puts the chunks of a prompt together: its tokens, which of them are positions of the stream, and more of a chat's text. */
public final class PromptAssembler {

    private final int tokenCount;
    private final StreamVocabulary texts;
    private final List<PromptToken> tokens = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>();
    private final StringBuilder rendered = new StringBuilder();

    PromptAssembler(int tokenCount, StreamVocabulary texts) {
        this.tokenCount = tokenCount;
        this.texts = texts;
    }

    /** A complete prompt, of which some positions are read. */
    PromptAssembler(List<PromptToken> tokens, List<Integer> positions, StreamVocabulary texts) {
        this(tokens.size(), texts);
        this.tokens.addAll(tokens);
        this.positions.addAll(positions);
    }

    /** A prompt's tokens, from all responses. */
    public static Tokenization tokenization(Iterator<TokenizeResponse> responses) {
        require(responses.hasNext(), "there is no response");
        TokenizeResponse first = responses.next();
        require(
                first.hasTokenCount() && first.hasContextLength(),
                "the first response has no token count or context length");
        PromptAssembler prompt = new PromptAssembler(
                first.getTokenCount(), new StreamVocabulary(first.getTokenSpelling(), Integer.MAX_VALUE));
        prompt.addTokens(first.getChunk());
        while (responses.hasNext()) {
            prompt.addTokens(responses.next().getChunk());
        }
        require(prompt.isComplete(), "the tokens ended after %d of %d", prompt.tokens.size(), first.getTokenCount());
        return Tokenization.of(prompt.tokens, first.getContextLength());
    }

    boolean isComplete() {
        return tokens.size() == tokenCount;
    }

    List<PromptToken> tokens() {
        return tokens;
    }

    /** Token positions of the stream, ascending. */
    List<Integer> positions() {
        return positions;
    }

    /** The rest of the rendered chat. */
    String rendered() {
        return rendered.toString();
    }

    void add(PromptChunk chunk) {
        require(!isComplete(), "a prompt chunk came after all %d tokens", tokenCount);
        int first = tokens.size();
        addTokens(chunk);
        for (IndexRange range : chunk.getPositionsList()) {
            addPositions(range, first);
        }
        rendered.append(chunk.getRenderedChat());
    }

    private void addTokens(PromptChunk chunk) {
        int count = chunk.getTokenIdsCount();
        int starts = chunk.getTokenStartsCount();
        int ends = chunk.getTokenEndsCount();
        require(
                chunk.getFirstToken() == tokens.size(),
                "expected the prompt from token %d, but token %d came",
                tokens.size(),
                chunk.getFirstToken());
        require(
                (count > 0 || tokenCount == 0) && count <= tokenCount - tokens.size(),
                "a prompt chunk has %d tokens where %d are left",
                count,
                tokenCount - tokens.size());
        require(
                starts == ends && (starts == 0 || starts == count),
                "%d tokens came with %d starts and %d ends",
                count,
                starts,
                ends);
        texts.add(chunk.getNewTokens());
        for (int i = 0; i < count; i++) {
            Token token = texts.get(chunk.getTokenIds(i));
            if (starts == 0) {
                tokens.add(PromptToken.of(token));
                continue;
            }
            int start = chunk.getTokenStarts(i);
            int end = chunk.getTokenEnds(i);
            require(start >= 0 && start <= end, "token %d has the byte range %d .. %d", tokens.size(), start, end);
            tokens.add(PromptToken.of(token, start, end));
        }
    }

    private void addPositions(IndexRange range, int firstOfChunk) {
        int previous = positions.isEmpty() ? -1 : positions.get(positions.size() - 1);
        int first = range.getFirst();
        int last = range.getLast();
        int stride = range.getStride();
        require(
                first > previous && first >= firstOfChunk && last >= first && last < tokens.size() && stride >= 1,
                "positions %d .. %d, every %d, came after position %d in a chunk of the tokens %d .. %d",
                first,
                last,
                stride,
                previous,
                firstOfChunk,
                tokens.size() - 1);
        for (long position = first; position < last; position += stride) {
            positions.add((int) position);
        }
        positions.add(last);
    }
}
