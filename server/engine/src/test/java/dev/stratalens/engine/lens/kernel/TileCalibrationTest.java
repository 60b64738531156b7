package dev.stratalens.engine.lens.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TileCalibrationTest {

    private static final TileGeometry USUAL = new TileGeometry(768, 3072);

    @TempDir
    private Path folder = Path.of("");

    private static final List<TileGeometry> OTHERS =
            List.of(new TileGeometry(384, 2048), USUAL, new TileGeometry(1024, 2048));

    @Test
    void theUsualTileStaysWhereNoneIsClearlyFaster() {
        assertEquals(USUAL, TileCalibration.best(USUAL, OTHERS, tile -> tile.equals(USUAL) ? 1 : 0.98));
    }

    @Test
    void theCheapestIsChosenWhereItIsClearlyFaster() {
        assertEquals(OTHERS.get(2), TileCalibration.best(USUAL, OTHERS, tile -> 2 - tile.rows() / 1024.0));
    }

    @Test
    void oneDisturbedCallDoesNotDecide() {
        var calls = new AtomicInteger();
        assertEquals(
                USUAL,
                TileCalibration.best(
                        USUAL, OTHERS, tile -> calls.incrementAndGet() == 1 || !tile.equals(USUAL) ? 1 : 0.9));
    }

    @Test
    void tilesAreWrittenAndReadBack() {
        assertEquals(Optional.of(USUAL), TileGeometry.parse(USUAL.toString()));
        assertEquals(Optional.empty(), TileGeometry.parse("768 x 3072"));
        assertEquals(Optional.empty(), TileGeometry.parse("0x3072"));
        assertEquals(Optional.empty(), TileGeometry.parse("99999999x1"));
    }

    @Test
    void everyWorkerGetsAsManyTokens() {
        assertEquals(3072, USUAL.columnsFor(49152, 1));
        assertEquals(3072, USUAL.columnsFor(49152, 2));
        assertEquals(2464, USUAL.columnsFor(49152, 5)); // 20 tiles
        assertEquals(512, USUAL.columnsFor(1000, 2));
        assertEquals(64, new TileGeometry(2, 67).columnsFor(256, 2));
    }

    @Test
    void aSmallBufferKeepsTheRowsAndNarrowsTheTile() {
        assertEquals(USUAL, TileGeometry.within(64 << 20, 49152, 4));
        assertEquals(new TileGeometry(768, 682), TileGeometry.within(2 << 20, 49152, 4));
        assertEquals(new TileGeometry(3, 67), TileGeometry.within(1024, 67, 4));
    }

    @Test
    void measurementsAreKeptForEachMachine() {
        Path file = folder.resolve("new").resolve("calibration.properties");
        new CalibrationFile(file, "one").write("key", "768x3072");
        new CalibrationFile(file, "other").write("key", "384x2048");
        assertEquals(Optional.of("768x3072"), new CalibrationFile(file, "one").read("key"));
        assertEquals(Optional.of("384x2048"), new CalibrationFile(file, "other").read("key"));
        assertEquals(Optional.empty(), new CalibrationFile(file, "third").read("key"));
    }

    @Test
    void aFileThatCannotBeUsedIsAsGoodAsNone() throws Exception {
        Path damaged = Files.writeString(folder.resolve("damaged"), "\\u00zz");
        assertEquals(Optional.empty(), new CalibrationFile(damaged, "one").read("key"));
        var unwritable = new CalibrationFile(damaged.resolve("below-a-file"), "one");
        unwritable.write("key", "768x3072");
        assertEquals(Optional.empty(), unwritable.read("key"));
    }
}
