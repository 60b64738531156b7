package dev.stratalens.server.scheduling.compute;

/**
 * What a request takes, or what there is room for.
 *
 * @param tokens of prompts
 * @param bytes in addition to the weights
 * @param work that takes time, in units of one token in one block
 */
public record Load(long tokens, long bytes, long work) {

    /** No request. */
    public static final Load NOTHING = new Load(0, 0, 0);

    /** Room for any work. */
    public Load(long tokens, long bytes) {
        this(tokens, bytes, Long.MAX_VALUE);
    }

    /** Both together. */
    public Load plus(Load other) {
        return new Load(tokens + other.tokens, bytes + other.bytes, work + other.work);
    }

    /** The same room, with at most this work. */
    public Load withMostWork(long most) {
        return most < work ? new Load(tokens, bytes, most) : this;
    }

    /** Whether there is room for it. */
    public boolean fits(Load room) {
        return tokens <= room.tokens && bytes <= room.bytes && work <= room.work;
    }
}
