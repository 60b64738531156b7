package dev.stratalens.server.grpc.result;

/** Takes a long text apart, a part at a time, and no character in two. */
public final class TextParts {

    private static final int MAX_PART = 65_536;

    private final String text;
    private int next;

    public TextParts(String text) {
        this.text = text;
    }

    boolean isOver() {
        return next == text.length();
    }

    /** The next part; empty if it is over. */
    String next() {
        int end = Math.min(next + MAX_PART, text.length());
        if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        String part = text.substring(next, end);
        next = end;
        return part;
    }
}
