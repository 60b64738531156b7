package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.text.Tokenizer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Texts as sequences of tokens, in an order that follows from a seed. Some are held out, to evaluate what the others have taught.
 *
 * @param fitted sequences to fit on. Arrays are not copied: read-only.
 * @param heldOut sequences of other documents
 */
public record TokenSequences(List<int[]> fitted, List<int[]> heldOut) {

    /** At most this share of the documents is held out. */
    private static final int LEAST_PER_HELD_OUT = 4;

    /**
     * How texts become sequences.
     *
     * @param longest most tokens of a sequence; longer documents make several
     * @param fewest shorter ones are left out
     * @param heldOutTokens about how many tokens are held out; fewer if there is little text
     * @param seed of the order
     */
    public record Cut(int longest, int fewest, int heldOutTokens, long seed) {}

    /** Lists are not copied. */
    public TokenSequences {}

    /**
     * Encodes documents. Each sequence begins with the tokens that the tokenizer puts before a text.
     *
     * @throws FitFailedException if no sequence is long enough to fit on, or none is to evaluate with
     */
    public static TokenSequences of(List<String> documents, Tokenizer tokenizer, Cut cut) {
        var shuffled = new ArrayList<String>(documents);
        Collections.shuffle(shuffled, new Random(cut.seed()));
        var fitted = new ArrayList<int[]>();
        var heldOut = new ArrayList<int[]>();
        int[] beginning = shuffled.isEmpty() ? new int[0] : beginning(shuffled.get(0), tokenizer);
        long tokens = 0;
        for (int i = 0; i < shuffled.size(); i++) {
            boolean forEvaluation = tokens < cut.heldOutTokens() && i <= shuffled.size() / LEAST_PER_HELD_OUT;
            int[] text = tokenizer.encode(shuffled.get(i), false).ids();
            for (int[] sequence : pieces(text, beginning, cut)) {
                (forEvaluation ? heldOut : fitted).add(sequence);
                tokens += sequence.length;
            }
        }
        if (fitted.isEmpty() || heldOut.isEmpty()) {
            throw new FitFailedException(
                    ("%,d documents give %,d sequences of %d tokens or more to fit on and %,d to evaluate with;"
                                    + " both need one. Give more documents, or longer ones.")
                            .formatted(documents.size(), fitted.size(), cut.fewest(), heldOut.size()));
        }
        return new TokenSequences(fitted, heldOut);
    }

    /** The tokens that the tokenizer puts before a text. */
    private static int[] beginning(String document, Tokenizer tokenizer) {
        int[] text = tokenizer.encode(document, false).ids();
        int[] whole = tokenizer.encode(document, true).ids();
        int before = whole.length - text.length;
        boolean begins = before >= 0 && Arrays.equals(whole, before, whole.length, text, 0, text.length);
        return begins ? Arrays.copyOf(whole, before) : new int[0];
    }

    private static List<int[]> pieces(int[] text, int[] beginning, Cut cut) {
        int room = Math.max(1, cut.longest() - beginning.length);
        var pieces = new ArrayList<int[]>();
        for (int first = 0; first < text.length; first += room) {
            int count = Math.min(room, text.length - first);
            int[] piece = Arrays.copyOf(beginning, beginning.length + count);
            System.arraycopy(text, first, piece, beginning.length, count);
            if (piece.length >= cut.fewest()) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    /** SHA-256 over all tokens, in hexadecimal. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (List<int[]> part : List.of(fitted, heldOut)) {
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(part.size()).flip());
                for (int[] sequence : part) {
                    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (sequence.length + 1));
                    bytes.putInt(sequence.length).asIntBuffer().put(sequence);
                    digest.update(bytes.rewind());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
