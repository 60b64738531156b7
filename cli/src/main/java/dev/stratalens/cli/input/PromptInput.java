package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The prompt: an argument as it is, or the exact bytes of standard input. Nothing is trimmed. */
public final class PromptInput {

    private PromptInput() {}

    /**
     * Reads the prompt.
     *
     * @param argument as typed; {@code -} and none mean standard input
     * @param inputIsTerminal whether nothing is piped in
     * @throws CliException if there is none, or it is not UTF-8
     */
    public static String read(@Nullable String argument, InputStream input, boolean inputIsTerminal)
            throws IOException {
        if (argument != null && !argument.equals("-")) {
            refuseMangled(argument, System.getProperty("sun.jnu.encoding", "UTF-8"));
            return argument;
        }
        if (argument == null && inputIsTerminal) {
            throw CliException.usage(
                    "no PROMPT: give a text in quotes, or pipe one in, such as printf 'Hello' | stratalens analyze.");
        }
        return decode(input.readAllBytes());
    }

    /** Under an ASCII locale Java reads every other character of an argument as U+FFFD: a silently wrong prompt. */
    public static void refuseMangled(String argument, String platformEncoding) {
        boolean unicode = platformEncoding.toUpperCase(Locale.ROOT).startsWith("UTF");
        if (!unicode && argument.indexOf('\uFFFD') >= 0) {
            throw CliException.usage(
                    "the argument has characters that this locale (%s) cannot hold. Set LC_ALL=C.UTF-8, or pipe the text in."
                            .formatted(platformEncoding));
        }
    }

    static String decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            throw CliException.usage(
                    "standard input is not UTF-8: byte 0x%02X at offset %d. Convert it first, for example with iconv."
                            .formatted(bytes[in.position()], in.position()));
        }
        return out.flip().toString();
    }
}
