package dev.stratalens.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;

/** The standard streams of this process. */
public final class StandardStreams {

    private StandardStreams() {}

    /**
     * Sets up standard output and error as UTF-8, and says what is around them. The launcher sends the JVM's own standard
     * error through a filter and names the descriptor of the real one ({@code stratalens.stderr.fd}).
     */
    public static Console console() {
        PrintStream out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream err = new PrintStream(new FileOutputStream(error()), true, StandardCharsets.UTF_8);
        System.setOut(out);
        System.setErr(err);
        return new Console(System.in, out, err, Terminal.detect(System.getenv(), System.getProperties()));
    }

    /**
     * The inherited descriptor itself. A file that is opened again has an offset of its own, so a shell that writes to the
     * file next would overwrite what was written here. Java opens descriptors by number only to itself; the launcher lets
     * this program in ({@code --add-opens java.base/java.io}).
     */
    private static FileDescriptor error() {
        String descriptor = System.getProperty("stratalens.stderr.fd");
        if (descriptor == null) {
            return FileDescriptor.err;
        }
        try {
            Constructor<FileDescriptor> byNumber = FileDescriptor.class.getDeclaredConstructor(int.class);
            byNumber.setAccessible(true);
            return byNumber.newInstance(Integer.parseInt(descriptor));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return FileDescriptor.err; // through the filter: only its order against standard output is looser
        }
    }
}
