package dev.stratalens.cli.table;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.cli.table.TableColumn.Scope;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of a table, as docs/corpus-format.md declares them. */
final class TableColumns {

    static final String ID = "id";
    static final String REQUEST = "request";
    static final String LENS = "lens";
    static final String LAYER = "layer";
    static final String SITE = "site";

    private static final Set<String> ALWAYS = Set.of(ID, REQUEST, LENS, LAYER, SITE);

    private static final List<TableColumn> ALL = declared();

    private TableColumns() {}

    /** Every column, in order. */
    static List<TableColumn> all() {
        return ALL;
    }

    /**
     * The columns but some.
     *
     * @throws CliException if there is no such column, or it is needed
     */
    static List<TableColumn> without(List<String> names) {
        for (String name : names) {
            if (ALWAYS.contains(name)) {
                throw CliException.usage(
                        "--leave-out: %s is needed to continue and to read the table.".formatted(name));
            }
            if (ALL.stream().noneMatch(column -> column.name().equals(name))) {
                throw CliException.usage("--leave-out: there is no column \"%s\"; there are %s."
                        .formatted(name, ALL.stream().map(TableColumn::name).collect(Collectors.joining(", "))));
            }
        }
        return ALL.stream().filter(column -> !names.contains(column.name())).toList();
    }

    private static List<TableColumn> declared() {
        List<TableColumn> columns = new ArrayList<>();
        columns.add(text(ID, cell -> cell.prompt().id()));
        columns.add(text(REQUEST, cell -> cell.prompt().request()));
        columns.add(text(
                "type",
                cell -> cell.prompt().type().isEmpty() ? null : cell.prompt().type()));
        columns.add(text(LENS, cell -> cell.view().lens().name()));
        columns.add(integer("position", ResultCell::position));
        columns.add(integer("token_id", cell -> token(cell).id()));
        columns.add(text("token", cell -> token(cell).text()));
        columns.add(integer("final_id", cell -> best(cell).token().id()));
        columns.add(text("final_token", cell -> best(cell).token().text()));
        columns.add(new TableColumn(
                "final_log_prob",
                Scope.POSITION,
                ValueType.FLOAT,
                cell -> best(cell).logProb()));
        columns.add(
                integer("crystallization_layer", cell -> number(cell.view().crystallizationLayer(cell.position()))));
        columns.add(new TableColumn(
                "targets",
                Scope.TARGETS,
                ValueType.TEXT,
                cell -> ofTargets(cell.view(), each -> TargetSyntax.text(each.target()))));
        columns.add(new TableColumn(
                "target_ids",
                Scope.TARGETS,
                ValueType.INTEGER,
                cell -> ofTargets(
                        cell.view(), each -> number(cell.view().targetToken(each.target(), cell.position())))));
        columns.add(new TableColumn(
                LAYER, Scope.CELL, ValueType.INTEGER, cell -> cell.read().layer()));
        columns.add(new TableColumn(
                SITE,
                Scope.CELL,
                ValueType.TEXT,
                cell -> cell.read().readPoint().site().name().toLowerCase(Locale.ROOT)));
        for (Statistic statistic : Statistic.all()) {
            columns.add(new TableColumn(
                    statistic.name().replace('-', '_'),
                    Scope.CELL,
                    ValueType.FLOAT,
                    cell -> number(cell.read().statistic(statistic, cell.position()))));
        }
        columns.add(new TableColumn(
                "top_ids",
                Scope.TOKENS_OF_CELL,
                ValueType.INTEGER,
                cell -> predictions(cell, each -> each.token().id())));
        columns.add(new TableColumn(
                "top_tokens",
                Scope.TOKENS_OF_CELL,
                ValueType.TEXT,
                cell -> predictions(cell, each -> each.token().text())));
        columns.add(new TableColumn(
                "top_log_probs",
                Scope.TOKENS_OF_CELL,
                ValueType.FLOAT,
                cell -> predictions(cell, Prediction::logProb)));
        columns.add(new TableColumn(
                "target_ranks",
                Scope.TOKENS_OF_CELL,
                ValueType.INTEGER,
                cell -> ofTargets(cell.view(), each -> number(cell.read().rank(each.target(), cell.position())))));
        columns.add(new TableColumn(
                "target_log_probs",
                Scope.TOKENS_OF_CELL,
                ValueType.FLOAT,
                cell -> ofTargets(
                        cell.view(), each -> number(cell.read().targetLogProb(each.target(), cell.position())))));
        return List.copyOf(columns);
    }

    private static TableColumn text(String name, Function<ResultCell, @Nullable Object> value) {
        return new TableColumn(name, Scope.POSITION, ValueType.TEXT, value);
    }

    private static TableColumn integer(String name, Function<ResultCell, @Nullable Object> value) {
        return new TableColumn(name, Scope.POSITION, ValueType.INTEGER, value);
    }

    private static Token token(ResultCell cell) {
        return cell.view().tokens().get(cell.position()).token();
    }

    private static Prediction best(ResultCell cell) {
        return cell.view().finalTop(cell.position());
    }

    private static @Nullable Object number(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    private static @Nullable Object number(OptionalDouble value) {
        return value.isPresent() ? (float) value.getAsDouble() : null;
    }

    private static List<Object> predictions(ResultCell cell, Function<Prediction, Object> value) {
        return cell.read().topK(cell.position()).stream().map(value).toList();
    }

    private static List<@Nullable Object> ofTargets(LensResult result, Function<TargetInfo, @Nullable Object> value) {
        List<@Nullable Object> values = new ArrayList<>();
        result.targets().forEach(target -> values.add(value.apply(target)));
        return values;
    }
}
