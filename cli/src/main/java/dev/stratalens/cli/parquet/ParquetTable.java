package dev.stratalens.cli.parquet;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Some columns of a Parquet file, row by row: {@link #select} them first, then go from row to row by {@link #next}. Holds these
 * columns of one row group in memory. Not thread-safe.
 */
public final class ParquetTable implements Closeable {

    private static final Set<CompressionCodecName> KNOWN = EnumSet.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW);

    private final Path path;
    private final ParquetFileReader file;
    private final FileMetaData about;
    /** By the names of their columns, whose pages are read once. */
    private final Map<String, ParquetCursor> cursors = new LinkedHashMap<>();

    private long left;

    private ParquetTable(Path path, ParquetFileReader file) {
        this.path = path;
        this.file = file;
        this.about = file.getFooter().getFileMetaData();
    }

    /**
     * Opens a file and reads what it says of itself.
     *
     * @throws CliException if it is no Parquet file, or is damaged
     */
    public static ParquetTable open(Path path) throws IOException {
        try {
            ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                    .withCodecFactory(new GzipPages())
                    .build();
            return new ParquetTable(path, ParquetFileReader.open(new LocalInputFile(path), options));
        } catch (RuntimeException e) {
            throw new CliException(
                    ExitCode.USAGE, "%s is not a Parquet file, or was cut off: %s".formatted(path, e.getMessage()), e);
        }
    }

    /** Names of the columns, in their order. */
    public List<String> columns() {
        return about.getSchema().getFields().stream().map(Type::getName).toList();
    }

    /** The schema. */
    public MessageType schema() {
        return about.getSchema();
    }

    /** What the writer said of the file. */
    public Map<String, String> facts() {
        return about.getKeyValueMetaData();
    }

    /** Number of rows. */
    public long rows() {
        return file.getRecordCount();
    }

    /**
     * Asks for a column, before the first row; always in the same way.
     *
     * @return has the values of the row that {@link #next} went to
     * @throws CliException if there is none of this name, or it is not of plain values or lists of them
     */
    public ParquetCursor select(String name) {
        return select(name, 0);
    }

    /** Likewise asks for the first elements of the innermost lists of a column. */
    public ParquetCursor selectFirst(String name) {
        return select(name, 1);
    }

    /** Likewise asks for a column of single values that are texts, whole numbers, or true and false. */
    public ParquetCursor selectText(String name) {
        ParquetCursor cursor = select(name);
        cursor.requireSingle();
        cursor.requireText();
        return cursor;
    }

    private ParquetCursor select(String name, int listsLeftOut) {
        List<ColumnDescriptor> leaves = about.getSchema().getColumns().stream()
                .filter(column -> column.getPath()[0].equals(name))
                .toList();
        if (leaves.isEmpty()) {
            throw CliException.usage(
                    "there is no column \"%s\"; there are %s.".formatted(name, String.join(", ", columns())));
        }
        ColumnDescriptor leaf = leaves.get(0);
        int lists = leaf.getMaxRepetitionLevel() - listsLeftOut;
        boolean isInGroup = leaf.getMaxRepetitionLevel() == 0 && leaf.getPath().length > 1;
        if (leaves.size() > 1 || lists < 0 || lists > 1 || isInGroup) {
            throw CliException.usage("column \"%s\" is neither plain values nor a list of them.".formatted(name));
        }
        requireKnownCompression(name);
        return cursors.computeIfAbsent(
                name, key -> new ParquetCursor(key, leaf, lists, lists == 0 ? 0 : levelOfElements(leaf)));
    }

    /** The definition level of an element of the outermost list, even if the element is null. */
    private int levelOfElements(ColumnDescriptor leaf) {
        for (int length = 1; length < leaf.getPath().length; length++) {
            String[] path = Arrays.copyOf(leaf.getPath(), length);
            if (about.getSchema().getMaxRepetitionLevel(path) > 0) {
                return about.getSchema().getMaxDefinitionLevel(path);
            }
        }
        return leaf.getMaxDefinitionLevel();
    }

    /** Goes to the next row; false after the last.
     *
     * @throws CliException if the file is damaged */
    public boolean next() throws IOException {
        try {
            while (left == 0) {
                if (!nextGroup()) {
                    return false;
                }
            }
            left--;
            for (ParquetCursor cursor : cursors.values()) {
                cursor.advance();
            }
            return true;
        } catch (CliException e) {
            throw e;
        } catch (RuntimeException e) {
            left = 0;
            throw new CliException(
                    ExitCode.USAGE, "%s is damaged: %s. Fetch it again.".formatted(path, e.getMessage()), e);
        }
    }

    private boolean nextGroup() throws IOException {
        MessageType wanted = new MessageType(
                about.getSchema().getName(),
                about.getSchema().getFields().stream()
                        .filter(field -> cursors.containsKey(field.getName()))
                        .toList());
        file.setRequestedSchema(wanted);
        PageReadStore pages = file.readNextRowGroup();
        if (pages == null) {
            return false;
        }
        left = pages.getRowCount();
        var store = new ColumnReadStoreImpl(
                pages, new DummyRecordConverter(wanted).getRootConverter(), wanted, about.getCreatedBy());
        for (ParquetCursor cursor : cursors.values()) {
            cursor.read(store.getColumnReader(cursor.column()));
        }
        return true;
    }

    private void requireKnownCompression(String name) {
        Set<CompressionCodecName> others = file.getRowGroups().stream()
                .flatMap(group -> group.getColumns().stream())
                .filter(chunk -> chunk.getPath().toArray()[0].equals(name))
                .map(ColumnChunkMetaData::getCodec)
                .filter(codec -> !KNOWN.contains(codec))
                .collect(Collectors.toSet());
        if (!others.isEmpty()) {
            throw CliException.usage(
                    "column \"%s\" is compressed by %s, which is not read here; %s are. Write it again, for example with zstd."
                            .formatted(name, others, KNOWN));
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
