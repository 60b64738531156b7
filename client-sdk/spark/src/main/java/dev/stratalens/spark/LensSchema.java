package dev.stratalens.spark;

import dev.stratalens.cli.table.ResultCell;
import dev.stratalens.cli.table.TableColumn;
import dev.stratalens.cli.table.TableLayout;
import dev.stratalens.cli.table.ValueType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table in the types of Spark, with one for errors behind them.
 *
 * @param layout as {@code batch} writes it
 */
record LensSchema(TableLayout layout) {

    static final String ID = "id";
    static final String ERROR = "error";

    static LensSchema of(SparkLensOptions options) {
        return new LensSchema(options.layout());
    }

    StructType type() {
        List<StructField> fields = new ArrayList<>();
        for (TableColumn column : layout.columns()) {
            DataType type = type(column.type());
            for (int list = 0; list < column.depth(layout.rows()); list++) {
                type = DataTypes.createArrayType(type);
            }
            fields.add(DataTypes.createStructField(column.name(), type, true));
        }
        fields.add(DataTypes.createStructField(ERROR, DataTypes.StringType, true));
        return DataTypes.createStructType(fields);
    }

    private static DataType type(ValueType type) {
        return switch (type) {
            case TEXT -> DataTypes.StringType;
            case INTEGER -> DataTypes.IntegerType;
            case FLOAT -> DataTypes.FloatType;
        };
    }

    /** The rows of an answer: of each position or cell of a result, or one that says the error. */
    List<Row> rows(LensAnswer answer) {
        ResultCell.Asked asked = new ResultCell.Asked(
                answer.row().id(), answer.request(), answer.row().type());
        return answer.result()
                .map(result -> layout.values(asked, result).stream()
                        .map(LensSchema::row)
                        .toList())
                .orElseGet(() -> List.of(failure(asked, answer.error().orElse(""))));
    }

    private static Row row(List<@Nullable Object> values) {
        @Nullable Object[] row = new Object[values.size() + 1];
        for (int i = 0; i < values.size(); i++) {
            row[i] = arrays(values.get(i));
        }
        return RowFactory.create(row);
    }

    /** Spark takes arrays where a schema has lists. */
    private static @Nullable Object arrays(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return value;
        }
        @Nullable Object[] array = new Object[list.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = arrays(list.get(i));
        }
        return array;
    }

    private Row failure(ResultCell.Asked asked, String error) {
        @Nullable Object[] row = new Object[layout.columns().size() + 1];
        for (int i = 0; i < layout.columns().size(); i++) {
            row[i] = switch (layout.columns().get(i).name()) {
                case ID -> asked.id();
                case "request" -> asked.request().isEmpty() ? null : asked.request();
                case "type" -> asked.type().isEmpty() ? null : asked.type();
                default -> null;
            };
        }
        row[row.length - 1] = error;
        return RowFactory.create(row);
    }
}
