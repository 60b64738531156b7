package dev.stratalens.spark;

import dev.stratalens.cli.failure.CliException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The lens of each text of a DataFrame. Immutable and thread-safe.
 *
 * <pre>{@code
 * SparkLens lens = SparkLens.of("--server", "gpu1:50061,gpu2:50061", "--layers", "::2", "--top-k", "3");
 * Dataset<Row> rows = lens.over(session.read().parquet("texts.parquet"), "text");
 * }</pre>
 *
 * <p>Each executor keeps one client for each server, or one model if no server is named. A task reads its texts as results come: it
 * holds at most {@code --in-flight} of them. If a server goes away, the task asks another for what has no answer, so that no text is
 * lost and none has its rows twice. Whole tasks are repeated by Spark.
 */
public final class SparkLens implements Serializable {

    private static final long serialVersionUID = 1;

    private final List<String> options;

    private SparkLens(List<String> options) {
        this.options = options;
    }

    /**
     * A lens with options of the command {@code batch}: those of the server or the model, of what is computed, {@code --id-column},
     * {@code --type-column}, {@code --target-column}, {@code --in-flight}, {@code --rows}, {@code --leave-out}. {@code --server} may
     * name several servers, with commas between. {@code --patience SECONDS} is how long a task goes on without an answer while no
     * server can be reached. Touches no network.
     *
     * @throws IllegalArgumentException if an option is not understood
     */
    public static SparkLens of(String... options) {
        return of(List.of(options));
    }

    /** As the other {@code of}, for options in a list. */
    public static SparkLens of(List<String> options) {
        try {
            SparkLensOptions.parse(options).check();
        } catch (CliException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new SparkLens(List.copyOf(options));
    }

    /** The columns of {@link #over}, without what is said of the model. */
    public StructType schema() {
        return LensSchema.of(SparkLensOptions.parse(options)).type();
    }

    /**
     * The lens of each text: rows with the columns of docs/corpus-format.md, and {@code error}. A text that the model cannot read is
     * one row whose {@code error} says why and whose other columns but {@code id}, {@code request} and {@code type} are null. Rows
     * whose text is null or blank are left out.
     *
     * <p>Asks an executor for the model first, which loads it; the rest is computed when rows are asked for. The metadata of column
     * {@code id} says which model it is, and goes into Parquet files.
     *
     * @param texts any DataFrame with a column of texts
     * @param textColumn name of this column
     */
    public Dataset<Row> over(Dataset<Row> texts, String textColumn) {
        return over(texts, textColumn, LensCounters.register(texts.sparkSession()));
    }

    Dataset<Row> over(Dataset<Row> texts, String textColumn, LensCounters counters) {
        SparkLensOptions parsed = SparkLensOptions.parse(options);
        Map<String, String> facts = LensFacts.read(facts(texts.sparkSession()));
        MetadataBuilder metadata = new MetadataBuilder();
        facts.forEach(metadata::putString);
        Metadata ofModel = metadata.build();
        Dataset<Row> named = texts.select(
                        column(parsed.columns.id, functions.monotonically_increasing_id())
                                .as(TextRow.ID),
                        functions.col(textColumn).cast("string").as(TextRow.TEXT),
                        column(parsed.columns.type, functions.lit("")).as(TextRow.TYPE),
                        column(parsed.columns.target, functions.lit(null)).as(TextRow.TARGET))
                .where(functions.col(TextRow.TEXT).rlike("\\S")); // as batch leaves them out
        LensSchema schema = LensSchema.of(parsed);
        return named.mapPartitions(new LensTask(options, LensFacts.model(facts), counters), Encoders.row(schema.type()))
                .withMetadata(LensSchema.ID, ofModel);
    }

    private static Column column(@Nullable String name, Column otherwise) {
        Column usual = otherwise.cast("string");
        return name == null ? usual : functions.coalesce(functions.col(name).cast("string"), usual);
    }

    /** What an executor says of the model. */
    private String facts(SparkSession session) {
        return session.createDataset(List.of(""), Encoders.STRING())
                .map((MapFunction<String, String>) nothing -> LensFacts.ask(options), Encoders.STRING())
                .first();
    }
}
