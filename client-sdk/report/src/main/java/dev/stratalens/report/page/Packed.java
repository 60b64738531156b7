package dev.stratalens.report.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Bytes as text for a page: compressed (raw DEFLATE), in base 85. */
final class Packed {

    private static final int BASE = 85;

    /** The digit 0; the others follow it. */
    private static final char ZERO = '(';

    private Packed() {}

    static String text(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
            stream.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array takes everything
        } finally {
            deflater.end();
        }
        return digits(out.toByteArray());
    }

    /** Five digits for four bytes, one more than its bytes for the last group. {@code <}, which could end the element, is '}'. */
    private static String digits(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length / 4 * 5 + 5);
        for (int at = 0; at < bytes.length; at += 4) {
            long group = 0;
            for (int i = at; i < at + 4; i++) {
                group = group << 8 | (i < bytes.length ? bytes[i] & 0xFF : 0);
            }
            long place = BASE * BASE * BASE * BASE;
            for (int digit = Math.min(4, bytes.length - at); digit >= 0; digit--) {
                char character = (char) (ZERO + group / place % BASE);
                text.append(character == '<' ? '}' : character);
                place /= BASE;
            }
        }
        return text.toString();
    }
}
