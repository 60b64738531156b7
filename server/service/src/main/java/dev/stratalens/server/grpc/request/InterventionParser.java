package dev.stratalens.server.grpc.request;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedIntervention;
import dev.stratalens.engine.lens.request.RequestedIntervention.Direction;
import dev.stratalens.engine.lens.request.RequestedIntervention.GeneratedTokens;
import dev.stratalens.engine.lens.request.RequestedIntervention.Measure;
import dev.stratalens.engine.lens.request.RequestedIntervention.Operation;
import dev.stratalens.engine.lens.request.RequestedIntervention.Rows;
import dev.stratalens.v1.AddDirection;
import dev.stratalens.v1.Intervention;
import dev.stratalens.v1.InterventionRows;
import dev.stratalens.v1.PromptRows;
import dev.stratalens.v1.ReplaceFrom;
import dev.stratalens.v1.SetRow;
import dev.stratalens.v1.StreamDirection;
import dev.stratalens.v1.StreamVector;
import dev.stratalens.v1.TokenDirection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads interventions. */
final class InterventionParser {

    private InterventionParser() {}

    static List<RequestedIntervention> parse(List<Intervention> interventions) {
        List<RequestedIntervention> parsed = new ArrayList<>();
        for (Intervention each : interventions) {
            parsed.add(intervention("interventions[%d]".formatted(parsed.size()), each));
        }
        return parsed;
    }

    static RequestedIntervention intervention(String field, Intervention intervention) {
        return new RequestedIntervention(rows(field + ".rows", intervention.getRows()), operation(field, intervention));
    }

    private static Rows rows(String field, InterventionRows rows) {
        return new Rows(
                RequestParser.site(field + ".site", rows.getSite()),
                RequestParser.ranges(rows.getLayersList()),
                RequestParser.ranges(rows.getPositionsList()),
                RequestParser.ranges(rows.getHeadsList()),
                rows.getSkipFirstToken(),
                switch (rows.getGenerated()) {
                    case GENERATED_TOKENS_UNSPECIFIED -> GeneratedTokens.NONE;
                    case GENERATED_TOKENS_ALSO -> GeneratedTokens.ALSO;
                    case GENERATED_TOKENS_ONLY -> GeneratedTokens.ONLY;
                    case UNRECOGNIZED ->
                        throw InvalidFieldException.of(
                                field + ".generated",
                                Problem.NOT_UNDERSTOOD,
                                Integer.toString(rows.getGeneratedValue()),
                                "Ask for ALSO or ONLY, or leave the field out.");
                });
    }

    private static Operation operation(String field, Intervention intervention) {
        return switch (intervention.getOperationCase()) {
            case REPLACE_FROM -> replace(field + ".replace_from", intervention.getReplaceFrom());
            case ADD -> add(field + ".add", intervention.getAdd());
            case PROJECT_OUT ->
                new RequestedIntervention.ProjectOut(direction(
                        field + ".project_out.direction",
                        intervention.getProjectOut().getDirection()));
            case SWAP ->
                new RequestedIntervention.Swap(
                        direction(field + ".swap.from", intervention.getSwap().getFrom()),
                        direction(field + ".swap.to", intervention.getSwap().getTo()));
            case SET -> set(field + ".set", intervention.getSet());
            case SCALE ->
                new RequestedIntervention.Scale(intervention.getScale().getFactor());
            case SKIP_BLOCK -> new RequestedIntervention.SkipBlock();
            case OPERATION_NOT_SET ->
                throw missing(
                        field,
                        "Say what happens to the rows: replace_from, add, project_out, swap, set, scale or skip_block.");
        };
    }

    private static Operation replace(String field, ReplaceFrom replace) {
        Optional<LensPrompt> source = replace.hasSource()
                ? Optional.of(PromptParser.parse(field + ".source", true, replace.getSource()))
                : Optional.empty();
        return new RequestedIntervention.ReplaceFrom(
                source,
                replace.hasLayer() ? OptionalInt.of(replace.getLayer()) : OptionalInt.empty(),
                RequestParser.ranges(replace.getPositionsList()));
    }

    private static Operation add(String field, AddDirection add) {
        Direction direction = direction(field + ".direction", add.getDirection());
        OptionalDouble largest =
                add.hasLargestShare() ? OptionalDouble.of(add.getLargestShare()) : OptionalDouble.empty();
        return switch (add.getCoefficientCase()) {
            case FACTOR -> new RequestedIntervention.Add(direction, add.getFactor(), Measure.FACTOR, largest);
            case SHARE_OF_LENGTH ->
                new RequestedIntervention.Add(direction, add.getShareOfLength(), Measure.SHARE_OF_LENGTH, largest);
            case COEFFICIENT_NOT_SET -> throw missing(field, "Give a factor or a share_of_length.");
        };
    }

    private static Operation set(String field, SetRow set) {
        return switch (set.getValueCase()) {
            case ZERO -> new RequestedIntervention.SetZero();
            case MEAN -> new RequestedIntervention.SetMean(promptRows(field + ".mean", set.getMean()));
            case VECTOR -> new RequestedIntervention.SetVector(vector(set.getVector()));
            case VALUE_NOT_SET -> throw missing(field, "Give zero, a mean or a vector.");
        };
    }

    private static Direction direction(String field, StreamDirection direction) {
        return switch (direction.getKindCase()) {
            case TOKEN -> token(field + ".token", direction.getToken());
            case VECTOR -> new RequestedIntervention.Vector(vector(direction.getVector()));
            case DIFFERENCE ->
                new RequestedIntervention.Difference(
                        promptRows(
                                field + ".difference.to",
                                direction.getDifference().getTo()),
                        promptRows(
                                field + ".difference.from",
                                direction.getDifference().getFrom()));
            case KIND_NOT_SET -> throw missing(field, "Give a token, a vector or a difference of prompts.");
        };
    }

    private static Direction token(String field, TokenDirection token) {
        return new RequestedIntervention.TokenDirection(
                TargetParser.target(field + ".token", token.getToken()),
                token.hasLens() ? Optional.of(token.getLens()) : Optional.empty());
    }

    private static RequestedIntervention.PromptRows promptRows(String field, PromptRows rows) {
        List<LensPrompt> prompts = new ArrayList<>();
        for (int i = 0; i < rows.getPromptsCount(); i++) {
            prompts.add(PromptParser.parse("%s.prompts[%d]".formatted(field, i), true, rows.getPrompts(i)));
        }
        return new RequestedIntervention.PromptRows(prompts, RequestParser.ranges(rows.getPositionsList()));
    }

    private static float[] vector(StreamVector vector) {
        var values = new float[vector.getValuesCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = vector.getValues(i);
        }
        return values;
    }

    private static InvalidFieldException missing(String field, String remedy) {
        return InvalidFieldException.of(field, Problem.MISSING, "", remedy);
    }
}
