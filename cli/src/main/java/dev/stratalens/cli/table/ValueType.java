package dev.stratalens.cli.table;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** Types of single values. */
public enum ValueType {
    TEXT("string"),
    INTEGER("int32"),
    FLOAT("float");

    private final String inWords;

    ValueType(String inWords) {
        this.inWords = inWords;
    }

    PrimitiveType field(String name, Repetition repetition) {
        return switch (this) {
            case TEXT ->
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case INTEGER -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(name);
            case FLOAT -> Types.primitive(PrimitiveTypeName.FLOAT, repetition).named(name);
        };
    }

    void write(Object value, RecordConsumer out) {
        switch (this) {
            case TEXT -> out.addBinary(Binary.fromString((String) value));
            case INTEGER -> out.addInteger((Integer) value);
            case FLOAT -> out.addFloat((Float) value);
        }
    }

    @Override
    public String toString() {
        return inWords;
    }
}
