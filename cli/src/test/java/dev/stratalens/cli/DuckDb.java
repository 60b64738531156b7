package dev.stratalens.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads Parquet with a program of others. */
final class DuckDb {

    private DuckDb() {}

    /** The rows of a query in which {@code TABLE} stands for the parts of a table; each value as text, null as {@code null}. */
    static List<List<String>> query(Path table, String sql) throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet found = statement.executeQuery(of(table, sql))) {
            List<List<String>> rows = new ArrayList<>();
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(String.valueOf(found.getObject(column)));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static String of(Path table, String sql) {
        return sql.replace("TABLE", "read_parquet('%s/part-*.parquet')".formatted(table));
    }

    /** Runs a statement that has no result, such as {@code COPY}; {@code TABLE} likewise. */
    static void run(Path table, String sql) throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute(of(table, sql));
        }
    }

    /** The only value of a query. */
    static String value(Path table, String sql) throws SQLException {
        return query(table, sql).get(0).get(0);
    }
}
