package dev.stratalens.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output in UTF-8, buffered, that keeps what a {@link PrintStream} swallows: why it could not be written. */
public final class StandardOutput extends PrintStream {

    private final Keeper keeper;

    /** @param target where the bytes go */
    public StandardOutput(OutputStream target) {
        this(new Keeper(target));
    }

    private StandardOutput(Keeper keeper) {
        super(new BufferedOutputStream(keeper), false, StandardCharsets.UTF_8);
        this.keeper = keeper;
    }

    /** What went wrong first; empty if nothing did. Flush before. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(keeper.failure);
    }

    /** Whether what went wrong is that the reader of a pipe closed it. */
    public boolean readerIsGone() {
        // The system's own words are all that Java passes on.
        return failure()
                .map(cause -> String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT))
                .filter(words -> words.contains("pipe") || words.contains("connection reset"))
                .isPresent();
    }

    private static final class Keeper extends FilterOutputStream {
        private volatile @Nullable IOException failure;

        Keeper(OutputStream target) {
            super(target);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            try {
                out.write(bytes, offset, count);
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                }
                throw e;
            }
        }
    }
}
