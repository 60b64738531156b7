package dev.stratalens.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Over servers in processes of their own, and over the engine in this one, which is the executor of Spark, too. */
class SparkLensTest {

    private static final StructType TEXTS =
            new StructType().add("name", DataTypes.StringType).add("text", DataTypes.StringType);
    private static final double ROUNDING = 5e-3;

    private static SparkSession session;
    private static DemoServerProcess stays;
    private static DemoServerProcess dies;
    private static String lasting;
    private static String mortal;

    private static final AtomicInteger READ = new AtomicInteger();
    private static final AtomicInteger READ_BY_FIRST_TASK = new AtomicInteger();

    /** The first task asks the first server, so this text is at a server that is dead. */
    private static final UDF1<String, String> KILL = text -> {
        READ.incrementAndGet();
        if (TaskContext.getPartitionId() == 0 && READ_BY_FIRST_TASK.incrementAndGet() == 10) {
            dies.kill();
        }
        return text;
    };

    @BeforeAll
    static void start() throws IOException {
        stays = DemoServerProcess.start();
        dies = DemoServerProcess.start();
        session = SparkSession.builder()
                .master("local[2]")
                .appName("test")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.log.level", "ERROR")
                .getOrCreate();
        lasting = stays.address();
        mortal = dies.address();
    }

    @AfterAll
    static void stop() {
        session.stop();
        stays.close();
        dies.close();
    }

    private static Dataset<Row> texts(int count, int partitions) {
        List<Row> rows = IntStream.range(0, count)
                .mapToObj(i -> RowFactory.create("t" + i, "The number after %d is".formatted(i)))
                .toList();
        return session.createDataset(rows, Encoders.row(TEXTS)).repartition(partitions);
    }

    private static SparkLens lens(String... options) {
        return SparkLens.of(options);
    }

    /** Rows by what tells them apart. */
    private static Map<String, Row> byPlace(Dataset<Row> table) {
        Map<String, Row> rows = new TreeMap<>();
        for (Row row : table.select("id", "lens", "position", "layer", "site", "request", "token", "entropy", "error")
                .collectAsList()) {
            String place = IntStream.range(0, 5)
                    .mapToObj(row::get)
                    .map(String::valueOf)
                    .collect(Collectors.joining("/"));
            assertNull(rows.put(place, row), place);
            assertTrue(row.isNullAt(8), place);
        }
        return rows;
    }

    private static void assertSame(Map<String, Row> expected, Map<String, Row> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((place, row) -> {
            Row other = Objects.requireNonNull(actual.get(place));
            assertEquals(row.getString(5), other.getString(5), place);
            assertEquals(row.getString(6), other.getString(6), place);
            assertEquals(row.getFloat(7), other.getFloat(7), ROUNDING, place);
        });
    }

    @Test
    void theEngineInExecutorsGivesTheRowsOfAServer() {
        Dataset<Row> texts = texts(12, 3);
        String[] options = {"--id-column", "name", "--rows", "layer", "--layers", "::3", "--target", "next"};
        Map<String, Row> here = byPlace(lens(join(options, "--model", DemoServerProcess.DEMO.toString()))
                .over(texts, "text"));
        Map<String, Row> there =
                byPlace(lens(join(options, "--server", lasting)).over(texts, "text"));

        assertSame(here, there);
    }

    @Test
    void aServerThatDiesLosesNoTextAndDoublesNone() {
        // Else Spark would move it to where the texts are dealt out.
        UserDefinedFunction kill = functions.udf(KILL, DataTypes.StringType).asNondeterministic();
        Dataset<Row> texts = texts(120, 6);
        Dataset<Row> watched = texts.withColumn("text", kill.apply(functions.col("text")));
        SparkLens lens = lens(
                "--server",
                mortal + "," + lasting,
                "--id-column",
                "name",
                "--rows",
                "layer",
                "--layers",
                "last",
                "--in-flight",
                "4");
        LensCounters counters = LensCounters.register(session);

        Map<String, Row> rows = byPlace(lens.over(watched, "text", counters));

        assertSame(
                byPlace(lens("--server", lasting, "--id-column", "name", "--rows", "layer", "--layers", "last")
                        .over(texts, "text")),
                rows);
        assertEquals(120, READ.get());
        assertTrue(counters.repeats().value() > 0, "no text was asked for again");
        assertEquals(120, counters.texts().value());
        assertEquals(rows.size(), counters.rows().value());
    }

    @Test
    void aTextThatCannotBeReadIsARowWithItsError() {
        List<Row> rows = List.of(
                RowFactory.create("good", "One two"),
                RowFactory.create("none", null),
                RowFactory.create("empty", ""),
                RowFactory.create("blank", " \n"),
                RowFactory.create("long", "word ".repeat(4000)));
        Dataset<Row> texts = session.createDataset(rows, Encoders.row(TEXTS));

        List<Row> table = lens("--server", lasting, "--id-column", "name", "--layers", "0")
                .over(texts, "text")
                .select("id", "error", "position")
                .collectAsList();
        Map<String, String> errors = new HashMap<>();
        Set<String> good = new TreeSet<>();
        for (Row row : table) {
            if (row.isNullAt(1)) {
                good.add(row.getString(0));
            } else {
                errors.put(row.getString(0), row.getString(1));
                assertTrue(row.isNullAt(2));
            }
        }

        assertEquals(Set.of("good"), good);
        assertEquals(Set.of("long"), errors.keySet());
        assertContains("PROMPT_TOO_LONG: ", errors.get("long"));
    }

    @Test
    void theTableSaysItsModel() {
        Dataset<Row> table = lens("--server", lasting).over(texts(1, 1), "text");

        assertEquals(lens("--server", lasting).schema().fieldNames().length, table.columns().length);
        String model = table.schema().apply("id").metadata().getString("stratalens.model");
        assertTrue(model.contains("\"name\":\"demo\"") && model.contains("\"weights_fingerprint\":\""), model);
    }

    @Test
    void whatNoTextCanBeAskedForFailsBeforeTheFirst() {
        SparkLens noLayer = lens("--server", lasting, "--layers", "99");
        Exception layer = assertThrows(Exception.class, () -> noLayer.over(texts(1, 1), "text"));
        assertContains("99", layer.getMessage());

        SparkLens noModel = lens("--server", lasting, "--model", "other");
        Exception model = assertThrows(Exception.class, () -> noModel.over(texts(1, 1), "text"));
        assertContains("other", model.getMessage());

        SparkLens noServer = lens("--server", "127.0.0.1:1", "--patience", "0");
        Exception server = assertThrows(Exception.class, () -> noServer.over(texts(1, 1), "text"));
        assertContains("127.0.0.1:1", server.getMessage());
    }

    private static void assertContains(String part, @Nullable String text) {
        assertTrue(String.valueOf(text).contains(part), () -> text + " has no " + part);
    }

    private static String[] join(String[] options, String... others) {
        return Stream.of(options, others).flatMap(Arrays::stream).toArray(String[]::new);
    }
}
