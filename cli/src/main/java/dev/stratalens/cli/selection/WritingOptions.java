package dev.stratalens.cli.selection;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.TokenSampling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model chooses what it writes, and when it stops. */
public final class WritingOptions {

    public static final String HEADING = "%nWhat to write:%n";

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Largest number of tokens (default: 64, or as many as fit in the model's context).")
    @Nullable
    Integer maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Draw tokens instead of taking the best one: at random, the more so the higher T (0 to 100).")
    @Nullable
    Double temperature;

    @Option(names = "--top-p", paramLabel = "P", description = "Draw from the fewest best tokens whose sum is P.")
    @Nullable
    Double topP;

    @Option(names = "--from-top", paramLabel = "K", description = "Draw from the K best tokens.")
    @Nullable
    Integer fromTop;

    @Option(names = "--seed", paramLabel = "N", description = "Draw with these random numbers, to repeat a text.")
    @Nullable
    Long seed;

    @Option(
            names = "--force",
            paramLabel = "ID",
            split = ",",
            description = "Begin with these token ids, separated by commas, whatever the model would choose.")
    List<Integer> forced = new ArrayList<>();

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "Stop once the new text contains this. May be given several times.")
    List<String> stopTexts = new ArrayList<>();

    @Option(names = "--ignore-end", description = "Go on after tokens that end a text.")
    boolean ignoreEnd;

    /** What was typed. */
    public GenerateOptions options() {
        try {
            GenerateOptions.Builder options = GenerateOptions.builder()
                    .forced(forced.stream().mapToInt(Integer::intValue).toArray())
                    .stopTexts(stopTexts.toArray(String[]::new))
                    .ignoreEndTokens(ignoreEnd);
            if (maxTokens != null) {
                options.maxTokens(maxTokens);
            }
            if (isDrawn()) {
                options.sampling(sampling());
            }
            return options.build();
        } catch (IllegalArgumentException e) {
            throw CliException.usage(inWordsOfOptions(String.valueOf(e.getMessage())) + ".");
        }
    }

    /** The client names what it refuses as its methods are called. */
    private static String inWordsOfOptions(String refusal) {
        return refusal.replaceFirst("^maxTokens ", "--max-tokens: ")
                .replaceFirst("^temperature ", "--temperature: ")
                .replaceFirst("^topP ", "--top-p: ")
                .replaceFirst("^topK ", "--from-top: ")
                .replaceFirst("^an empty stop text", "--stop: an empty text");
    }

    private boolean isDrawn() {
        return temperature != null || topP != null || fromTop != null || seed != null;
    }

    private TokenSampling sampling() {
        TokenSampling.Builder sampling = TokenSampling.builder();
        if (temperature != null) {
            sampling.temperature(temperature);
        }
        if (topP != null) {
            sampling.topP(topP);
        }
        if (fromTop != null) {
            sampling.topK(fromTop);
        }
        if (seed != null) {
            sampling.seed(seed);
        }
        return sampling.build();
    }
}
