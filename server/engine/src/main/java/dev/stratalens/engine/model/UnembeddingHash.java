package dev.stratalens.engine.model;

import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identifies a model by its unembedding. */
public final class UnembeddingHash {

    private static final int NUMBERS_TOGETHER = 1 << 22;

    private UnembeddingHash() {}

    /** SHA-256 over the unembedding as float32, little-endian and row-major, [V, d]; in hexadecimal. */
    public static String of(Head head) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            int together = Math.max(1, NUMBERS_TOGETHER / head.width());
            for (int first = 0; first < head.vocabularySize(); first += together) {
                int last = Math.min(first + together, head.vocabularySize());
                try (TorchScope scope = head.scope();
                        TorchTensor rows = head.floatRows(scope, first, last)) {
                    digest.update(rows.directView());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
