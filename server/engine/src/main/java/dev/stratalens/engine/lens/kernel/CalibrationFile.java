package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.tensor.TorchRuntime;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measurements of this machine, kept between starts. If the file cannot be read or written, the measurement is only
 * repeated. Thread-safe.
 */
public final class CalibrationFile {

    private static final Logger LOG = LoggerFactory.getLogger(CalibrationFile.class);

    private final Path path;
    private final String machine;

    /** @param machine everything that the measurements depend on */
    CalibrationFile(Path path, String machine) {
        this.path = path;
        this.machine = machine;
    }

    /** The file beside the unpacked libraries, for this processor, library and number of threads. */
    public static CalibrationFile ofThisMachine(int threads) {
        String machine = "%s.%s.%d".formatted(processor(), TorchRuntime.libraryVersion(), threads);
        return new CalibrationFile(TorchRuntime.cacheFolder().resolve("stratalens-calibration.properties"), machine);
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.matches("(model name|cpu family|model|stepping)\\s*:.*"))
                    .limit(4)
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .reduce(System.getProperty("os.arch", ""), (a, b) -> a + "-" + b);
        } catch (IOException | RuntimeException e) {
            return System.getProperty("os.arch", "");
        }
    }

    /** A value measured before. */
    synchronized Optional<String> read(String key) {
        return Optional.ofNullable(load().getProperty(machine + "." + key));
    }

    /** Saves a value. */
    synchronized void write(String key, String value) {
        Properties values = load();
        values.setProperty(machine + "." + key, value);
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Path written = Files.createTempFile(path.toAbsolutePath().getParent(), "calibration", ".tmp");
            try (Writer writer = Files.newBufferedWriter(written)) {
                values.store(writer, "Measured by Stratalens; may be deleted.");
            }
            Files.move(written, path, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.debug("cannot keep a measurement in {}", path, e);
        }
    }

    private Properties load() {
        var values = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            values.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("no measurements in {}", path, e);
        }
        return values;
    }
}
