package dev.stratalens.bench.soak;

/** What callers of a mixed load do, and how often among others. */
public enum CallKind {
    ANALYSIS("analyses", 10),
    BATCH("batches", 2),
    CANCEL("canceled calls", 4),
    RELOAD("unloads and loads", 1),
    BAD_REQUEST("bad requests", 4),
    DROP("dropped connections", 3);

    private static final int ALL = 24;

    private final String title;
    private final int share;

    CallKind(String title, int share) {
        this.title = title;
        this.share = share;
    }

    public String title() {
        return title;
    }

    /** The kind of the call with this number: every {@value #ALL} have each kind as often as its share says. */
    static CallKind of(long number) {
        // 7 and 24 have no common divisor, so all places are hit, and kinds alternate.
        int place = (int) (number % ALL * 7 % ALL);
        for (CallKind kind : values()) {
            place -= kind.share;
            if (place < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the shares are not " + ALL + " together");
    }
}
