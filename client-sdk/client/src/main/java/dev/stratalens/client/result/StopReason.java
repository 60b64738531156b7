package dev.stratalens.client.result;

/** Why a generation ended. */
public enum StopReason {
    /** The model chose a token that ends a text. It is the last generated one. */
    END_TOKEN(1),
    /** The text contains a stop text. */
    STOP_TEXT(2),
    /** There are as many tokens as were asked for. */
    MAX_TOKENS(3),
    /** A reason that this version does not know. */
    OTHER(0);

    private final int number;

    StopReason(int number) {
        this.number = number;
    }

    /** The reason with a number of the contract. */
    public static StopReason of(int number) {
        for (StopReason reason : values()) {
            if (reason.number == number) {
                return reason;
            }
        }
        return OTHER;
    }
}
