package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.Candidates;

/**
 * How rules for predictions are written: {@code most-likely}, {@code words}, {@code least-likely}, or {@code contrast:} with a layer or with a
 * lens as {@link LensSyntax} reads it.
 */
final class CandidateSyntax {

    private static final String CONTRAST = "contrast:";

    private CandidateSyntax() {}

    /**
     * The rule.
     *
     * @throws CliException if there is none of this name
     */
    static Candidates parse(String text) {
        if (text.matches(CONTRAST + ".*[^0-9].*")) {
            return Candidates.contrast(LensSyntax.parse(text.substring(CONTRAST.length())));
        }
        try {
            return Candidates.named(text);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(
                    "--candidates: \"%s\" is not one of most-likely, words, least-likely, contrast:LAYER, contrast:LENS."
                            .formatted(text));
        }
    }
}
