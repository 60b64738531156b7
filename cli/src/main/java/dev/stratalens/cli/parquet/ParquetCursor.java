package dev.stratalens.cli.parquet;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column in the row that its table went to: one, or those of a list. A cursor may take only the first element of
 * the innermost lists, which then counts as a value. Not thread-safe.
 */
public final class ParquetCursor {

    private final String name;
    private final ColumnDescriptor column;
    private final int lists;
    private final int levelOfNull;
    private final List<@Nullable Object> values = new ArrayList<>();
    private @Nullable ColumnReader reader;

    /** @param lists how many lists within each other are kept, 0 or 1; of one more, only the first elements are
     * @param levelOfNull the lowest definition level of a value that is null; lower ones say that there is no element */
    ParquetCursor(String name, ColumnDescriptor column, int lists, int levelOfNull) {
        this.name = name;
        this.column = column;
        this.lists = lists;
        this.levelOfNull = levelOfNull;
    }

    ColumnDescriptor column() {
        return column;
    }

    /** Whether each row has a list. */
    public boolean isList() {
        return lists > 0;
    }

    /** Starts a row group. */
    void read(ColumnReader ofGroup) {
        reader = ofGroup;
    }

    /** Reads the values of the next row. A list that is null or empty has none. */
    void advance() {
        if (reader == null) {
            throw new IllegalStateException("there is no row group");
        }
        values.clear();
        do {
            if (reader.getCurrentRepetitionLevel() <= lists) {
                add(reader);
            } else if (reader.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()) {
                reader.skip();
            }
            reader.consume();
        } while (reader.getCurrentRepetitionLevel() > 0); // 0 also behind the last value
    }

    private void add(ColumnReader from) {
        int level = from.getCurrentDefinitionLevel();
        if (level == column.getMaxDefinitionLevel()) {
            values.add(value(from));
        } else if (level >= levelOfNull) {
            values.add(null);
        }
    }

    private Object value(ColumnReader from) {
        return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> from.getInteger();
            case INT64 -> from.getLong();
            case FLOAT -> from.getFloat();
            case DOUBLE -> from.getDouble();
            case BOOLEAN -> from.getBoolean();
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> from.getBinary();
        };
    }

    /** Number of values in this row. */
    public int count() {
        return values.size();
    }

    /** A number of this row; NaN where there is none.
     *
     * @throws CliException if the column has no numbers */
    public double number(int index) {
        Object value = values.get(index);
        if (value == null) {
            return Double.NaN;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw CliException.usage("column \"%s\" has no numbers.".formatted(name));
    }

    /**
     * The value of this row as text: a string as it is, an integer by its digits; empty where there is none.
     *
     * @throws CliException if the column has neither
     */
    public Optional<String> text() {
        requireSingle();
        return text(0);
    }

    /** Likewise a value of this row's list. */
    public Optional<String> text(int index) {
        requireText();
        Object value = values.get(index);
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(value instanceof Binary bytes ? decoded(bytes) : value.toString());
    }

    void requireSingle() {
        if (isList()) {
            throw CliException.usage("column \"%s\" has lists, not single values.".formatted(name));
        }
    }

    /** Older writers do not say that bytes are text. */
    void requireText() {
        PrimitiveTypeName type = column.getPrimitiveType().getPrimitiveTypeName();
        LogicalTypeAnnotation meaning = column.getPrimitiveType().getLogicalTypeAnnotation();
        boolean isText = switch (type) {
            case INT32, INT64, BOOLEAN -> true;
            case BINARY -> meaning == null || meaning instanceof StringLogicalTypeAnnotation;
            case FLOAT, DOUBLE, FIXED_LEN_BYTE_ARRAY, INT96 -> false;
        };
        if (!isText) {
            throw CliException.usage("column \"%s\" has values of type %s, not text."
                    .formatted(
                            name, (meaning == null ? type : meaning).toString().toLowerCase(Locale.ROOT)));
        }
    }

    private String decoded(Binary bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.toByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CliException(ExitCode.USAGE, "column \"%s\" is not UTF-8.".formatted(name), e);
        }
    }
}
