package dev.stratalens.client.result;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tokens of a prompt for human eyes: those that share a character have it with their part of it. */
final class CharacterParts {

    private final List<PromptToken> tokens;
    private final byte[] prompt;

    private CharacterParts(List<PromptToken> tokens, byte[] prompt) {
        this.tokens = tokens;
        this.prompt = prompt;
    }

    static String display(List<PromptToken> tokens, Optional<String> prompt, int position) {
        PromptToken token = tokens.get(position);
        if (prompt.isEmpty() || token.start().isEmpty() || token.end().isEmpty()) {
            return token.token().display();
        }
        CharacterParts parts = new CharacterParts(tokens, prompt.get().getBytes(StandardCharsets.UTF_8));
        int start = token.start().getAsInt();
        int end = Math.min(token.end().getAsInt(), parts.prompt.length);
        return parts.sharers(position, start, end) == 1
                ? token.token().display()
                : parts.characters(position, start, end);
    }

    private String characters(int position, int start, int end) {
        StringBuilder shown = new StringBuilder();
        for (int from = start; from < end; ) {
            int to = characterEnd(from);
            String character = VisibleText.of(new String(Arrays.copyOfRange(prompt, from, to), StandardCharsets.UTF_8));
            int sharers = sharers(position, from, to);
            if (sharers > 1) {
                int part = position - firstSharer(position, from, to) + 1;
                shown.append(shown.isEmpty() ? "" : " ")
                        .append(character)
                        .append(' ')
                        .append(part)
                        .append('/')
                        .append(sharers);
            } else {
                shown.append(character);
            }
            from = to;
        }
        return shown.toString();
    }

    /** How many neighboring tokens cover some of bytes {@code from .. to - 1}, with the one at the position itself. */
    private int sharers(int position, int from, int to) {
        int last = position;
        while (covers(last + 1, from, to)) {
            last++;
        }
        return last - firstSharer(position, from, to) + 1;
    }

    private int firstSharer(int position, int from, int to) {
        int first = position;
        while (covers(first - 1, from, to)) {
            first--;
        }
        return first;
    }

    private boolean covers(int position, int from, int to) {
        if (position < 0 || position >= tokens.size()) {
            return false;
        }
        PromptToken token = tokens.get(position);
        return token.start().orElse(to) < to && token.end().orElse(from) > from;
    }

    /** The byte after the character of UTF-8 that starts at a byte. */
    private int characterEnd(int from) {
        int end = from + 1;
        while (end < prompt.length && (prompt[end] & 0xc0) == 0x80) {
            end++;
        }
        return end;
    }
}
