package dev.stratalens.server.grpc.status;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts what failures quote: a status travels in HTTP/2 headers, and clients accept 8 KiB of them, base64 and escapes included. */
public final class Excerpt {

    private static final String CUT = "…";

    private Excerpt() {}

    /** The text, or as much of its beginning as takes no more bytes of UTF-8, with a mark that it was cut. */
    public static String of(String text, int maxBytes) {
        if (text.length() <= maxBytes && ByteString.copyFromUtf8(text).size() <= maxBytes) {
            return text;
        }
        int room = maxBytes - CUT.getBytes(StandardCharsets.UTF_8).length;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            room -= Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
            if (room < 0) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end) + CUT;
    }

    /** The first texts that take no more bytes together; the last one tells how many were left out. */
    static List<String> of(List<String> texts, int maxBytes) {
        List<String> kept = new ArrayList<>();
        int room = maxBytes;
        for (String text : texts) {
            String cut = of(text, maxBytes / 4);
            room -= cut.getBytes(StandardCharsets.UTF_8).length;
            if (room < 0) {
                kept.add("%s %d more".formatted(CUT, texts.size() - kept.size()));
                break;
            }
            kept.add(cut);
        }
        return kept;
    }
}
