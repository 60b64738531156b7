package dev.stratalens.bench.server;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.PromptToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts natural English to an exact number of tokens of a model. */
public final class Prompts {

    /** Characters around the wanted end that are tried: a cut can change how the last word is read. */
    private static final int TRIED = 200;

    private static final Pattern PARAGRAPHS = Pattern.compile("\n\n(?! )");

    private final LensClient client;
    private final List<String> paragraphs = List.of(PARAGRAPHS.split(text()));

    public Prompts(LensClient client) {
        this.client = client;
    }

    /**
     * A prompt.
     *
     * @param variant another number starts elsewhere in the text
     * @throws CliException if no cut of the text has this length
     */
    public BenchPrompt ofLength(int tokens, int variant) {
        List<String> turned = new ArrayList<>(paragraphs);
        Collections.rotate(turned, -variant);
        String text = String.join("\n\n", turned);
        String longEnough = text;
        List<PromptToken> read = read(longEnough);
        while (read.size() <= tokens) {
            longEnough += "\n\n" + text;
            read = read(longEnough);
        }
        byte[] utf8 = longEnough.getBytes(StandardCharsets.UTF_8);
        int end = read.get(tokens - 1).end().orElse(1);
        int around = new String(utf8, 0, Math.max(1, end), StandardCharsets.UTF_8).length();
        for (int i = 0; i <= 2 * TRIED; i++) {
            int length = around + (i % 2 == 0 ? i / 2 : -(i + 1) / 2);
            if (length > 0 && length <= longEnough.length()) {
                String cut = longEnough.substring(0, length);
                List<PromptToken> ids = read(cut);
                if (ids.size() == tokens) {
                    return new BenchPrompt(
                            cut, ids.stream().map(token -> token.token().id()).toList());
                }
            }
        }
        throw CliException.usage(
                "--tokens: no prompt of exactly %d tokens could be made for this model; choose a larger number."
                        .formatted(tokens));
    }

    private List<PromptToken> read(String prompt) {
        return client.tokenize(TokenizeRequest.of(prompt).build()).tokens();
    }

    private static String text() {
        try (InputStream in = Prompts.class.getResourceAsStream("prompt.txt")) {
            if (in == null) {
                throw new IllegalStateException("prompt.txt is missing from the class path; build the project again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
