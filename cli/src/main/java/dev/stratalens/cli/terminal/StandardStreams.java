package dev.stratalens.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The standard streams of this process. */
public final class StandardStreams {

    private StandardStreams() {}

    /**
     * Sets up standard output and error as UTF-8, and says what is around them. The launcher sends the JVM's own standard
     * error through a filter and names the descriptor of the real one ({@code stratalens.stderr.fd}); that one is used
     * where it can be opened again, which a socket cannot.
     */
    public static Console console() {
        PrintStream out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream err = new PrintStream(error(), true, StandardCharsets.UTF_8);
        System.setOut(out);
        System.setErr(err);
        return new Console(System.in, out, err, Terminal.detect(System.getenv(), System.getProperties()));
    }

    private static OutputStream error() {
        String descriptor = System.getProperty("stratalens.stderr.fd");
        if (descriptor != null) {
            try {
                return new FileOutputStream("/dev/fd/" + descriptor, true);
            } catch (FileNotFoundException e) {
                // the filtered one serves as well, only its order against standard output is looser
            }
        }
        return new FileOutputStream(FileDescriptor.err);
    }
}
