package dev.stratalens.cli.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * A new Parquet file, compressed by zstd. It can be read once it is closed. Not thread-safe.
 *
 * @param <T> a row
 */
public final class ParquetOutput<T> implements Closeable {

    /** Rows are collected in memory up to this size, in bytes, before they are compressed. */
    private static final long ROW_GROUP = 32L << 20;

    private final ParquetWriter<T> writer;

    /**
     * Writes the fields of a row.
     *
     * @param <T> a row
     */
    @FunctionalInterface
    public interface RowWriter<T> {

        /** Writes one row, between the beginning and the end of its message. */
        void write(T row, RecordConsumer out);
    }

    private ParquetOutput(ParquetWriter<T> writer) {
        this.writer = writer;
    }

    /**
     * Starts a file; one that is there is replaced.
     *
     * @param facts what the file says of itself
     */
    public static <T> ParquetOutput<T> create(
            Path path, MessageType schema, Map<String, String> facts, RowWriter<T> rows) throws IOException {
        Support<T> support = new Support<>(schema, facts, rows);
        return new ParquetOutput<>(new Builder<>(new LocalOutputFile(path), support)
                .withConf(new PlainParquetConfiguration())
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP)
                .build());
    }

    /** Adds a row. */
    public void write(T row) throws IOException {
        writer.write(row);
    }

    /** Bytes that were written, and an estimate of those that wait. */
    public long size() {
        return writer.getDataSize();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {

        private final Support<T> support;

        Builder(OutputFile file, Support<T> support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder<T> self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // abstract
        protected WriteSupport<T> getWriteSupport(Configuration configuration) {
            return support;
        }

        @Override
        protected WriteSupport<T> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }
    }

    private static final class Support<T> extends WriteSupport<T> {

        private final MessageType schema;
        private final Map<String, String> facts;
        private final RowWriter<T> rows;
        private @Nullable RecordConsumer out;

        Support(MessageType schema, Map<String, String> facts, RowWriter<T> rows) {
            this.schema = schema;
            this.facts = facts;
            this.rows = rows;
        }

        @Override
        @SuppressWarnings("deprecation") // abstract
        public WriteContext init(Configuration configuration) {
            return new WriteContext(schema, facts);
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(schema, facts);
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            out = consumer;
        }

        @Override
        public void write(T row) {
            RecordConsumer consumer = Objects.requireNonNull(out, "prepareForWrite comes first");
            consumer.startMessage();
            rows.write(row, consumer);
            consumer.endMessage();
        }
    }
}
