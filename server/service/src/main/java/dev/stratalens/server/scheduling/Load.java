package dev.stratalens.server.scheduling;

/**
 * What a request takes, or what there is room for.
 *
 * @param tokens of prompts
 * @param bytes in addition to the weights
 */
record Load(long tokens, long bytes) {

    Load plus(Load other) {
        return new Load(tokens + other.tokens, bytes + other.bytes);
    }

    Load minus(Load other) {
        return new Load(tokens - other.tokens, bytes - other.bytes);
    }

    boolean fits(Load room) {
        return tokens <= room.tokens && bytes <= room.bytes;
    }
}
