package dev.stratalens.client.result;

import java.util.Objects;

/**
 * How residuals were decoded.
 *
 * @param kind the lens: {@code "logit"}
 * @param skipFinalNorm whether the raw residual was decoded, without the final norm
 * @param approximate whether ranks, entropy and KL come from low-precision logits
 */
public record LensInfo(String kind, boolean skipFinalNorm, boolean approximate) {

    /** The logit lens. */
    public static final String LOGIT = "logit";

    /** Checks that there is a kind. */
    public LensInfo {
        Objects.requireNonNull(kind, "kind");
    }
}
