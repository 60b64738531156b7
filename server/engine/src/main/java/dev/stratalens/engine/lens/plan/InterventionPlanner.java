package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.plan.Interventions.Change;
import dev.stratalens.engine.lens.plan.Interventions.Direction;
import dev.stratalens.engine.lens.plan.Interventions.Operation;
import dev.stratalens.engine.lens.plan.Interventions.SourceRows;
import dev.stratalens.engine.lens.plan.RequestedIntervention.GeneratedTokens;
import dev.stratalens.engine.lens.plan.RequestedIntervention.PromptRows;
import dev.stratalens.engine.lens.plan.RequestedIntervention.Rows;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.model.site.HeadShape;
import dev.stratalens.engine.model.site.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Checks the interventions of a request against a model, and resolves their indexes, tokens and prompts. Made for one request. */
final class InterventionPlanner {

    /** Largest magnitude of a coefficient or factor. */
    static final double MAX_COEFFICIENT = 1e6;

    private static final String COUNTED =
            "Positions count the prompt's tokens from 0, or from the end: -1 is the last.";
    private static final String BLOCKS_COUNTED = "Layers count the blocks from 0, or from the end: -1 is the last.";

    private final ModelDescription model;
    private final TokenReader tokens;
    private final List<KnownLens> known;
    private final int[] prompt;
    private final List<int[]> sources = new ArrayList<>();

    /** @param prompt the prompt that is changed */
    InterventionPlanner(ModelDescription model, TokenReader tokens, List<KnownLens> known, int[] prompt) {
        this.model = model;
        this.tokens = tokens;
        this.known = known;
        this.prompt = prompt;
    }

    /** The sources of the changes so far. */
    List<int[]> sources() {
        return sources;
    }

    /** Tokens of the prompt that is changed. */
    int promptLength() {
        return prompt.length;
    }

    /** Resolves the interventions of a request. */
    List<Change> plan(List<RequestedIntervention> asked) {
        if (asked.size() > LensPlanner.MAX_INTERVENTIONS) {
            throw InvalidFieldException.tooMany(
                    "interventions",
                    asked.size(),
                    LensPlanner.MAX_INTERVENTIONS,
                    "Change several layers or positions with one.");
        }
        var changes = new ArrayList<Change>();
        for (RequestedIntervention each : asked) {
            changes.add(plan("interventions[%d]".formatted(changes.size()), each));
        }
        return changes;
    }

    /** Resolves one intervention, in a field of a request. */
    Change plan(String field, RequestedIntervention asked) {
        Rows rows = asked.rows();
        Site site = rows.site();
        if (model.streams() > 1) {
            throw notAvailable(
                    field + ".rows.site",
                    site.inWords(),
                    "In this family, a token has several residual streams, and no row is the stream.");
        }
        int[] blocks = blocks(field + ".rows", rows);
        int[] positions = positions(field + ".rows", rows);
        int[] heads = heads(field + ".rows", rows, blocks);
        var place = new Place(site, blocks, positions, width(field, site, blocks));
        Operation operation = operation(field, asked.operation(), place);
        if (rows.generated() != GeneratedTokens.NONE
                && asked.operation() instanceof RequestedIntervention.ReplaceFrom from
                && (from.positions().isEmpty() || ((Interventions.Replace) operation).positions().length != 1)) {
            throw InvalidFieldException.of(
                    field + ".replace_from.positions",
                    Problem.MISSING,
                    "",
                    "Give one position of the source: how many tokens are generated is not known yet.");
        }
        return new Change(site, blocks, positions, rows.generated(), heads, operation);
    }

    /** @param width numbers of a row, or of a head */
    private record Place(Site site, int[] blocks, int[] positions, int width) {}

    private int[] blocks(String field, Rows rows) {
        Site site = rows.site();
        if (site == Site.EMBEDDING) {
            if (!rows.layers().isEmpty()) {
                throw InvalidFieldException.of(
                        field + ".layers",
                        Problem.NOT_UNDERSTOOD,
                        "layers",
                        "The embedding is before the blocks. Leave the layers out.");
            }
            return new int[] {0};
        }
        int[] asked = IndexSelection.resolve(field + ".layers", rows.layers(), model.blockCount(), BLOCKS_COUNTED);
        int[] having = Arrays.stream(asked)
                .filter(block -> model.sites().get(block).contains(site))
                .toArray();
        if (having.length == 0
                || (having.length < asked.length && !rows.layers().isEmpty())) {
            int lacking = Arrays.stream(asked)
                    .filter(block -> !model.sites().get(block).contains(site))
                    .findFirst()
                    .orElseThrow();
            throw notAvailable(
                    field + ".site",
                    site.inWords(),
                    "Block %d has %s."
                            .formatted(
                                    lacking,
                                    model.sites().get(lacking).stream()
                                            .filter(each -> each != Site.EMBEDDING)
                                            .map(Site::inWords)
                                            .collect(Collectors.joining(", "))));
        }
        return having;
    }

    private int[] positions(String field, Rows rows) {
        if (rows.generated() == GeneratedTokens.ONLY) {
            if (!rows.positions().isEmpty()) {
                throw InvalidFieldException.of(
                        field + ".positions",
                        Problem.NOT_UNDERSTOOD,
                        "positions",
                        "Only generated tokens are changed. Leave the positions of the prompt out.");
            }
            return new int[0];
        }
        int[] positions = IndexSelection.resolve(field + ".positions", rows.positions(), prompt.length, COUNTED);
        int[] left = rows.skipsFirstToken()
                ? Arrays.stream(positions).filter(position -> position > 0).toArray()
                : positions;
        if (left.length == 0 && rows.generated() == GeneratedTokens.NONE) {
            throw InvalidFieldException.of(
                    field + ".positions",
                    Problem.MISSING,
                    "",
                    "Without the first token, no token is left to change. Name another position.");
        }
        return left;
    }

    private int[] heads(String field, Rows rows, int[] blocks) {
        if (rows.site() != Site.ATTENTION_HEADS) {
            if (!rows.heads().isEmpty()) {
                throw InvalidFieldException.of(
                        field + ".heads",
                        Problem.NOT_UNDERSTOOD,
                        "heads",
                        "Only the site attention-heads has heads. Leave them out, or change that site.");
            }
            return new int[] {0};
        }
        int count = Arrays.stream(blocks)
                .map(block -> model.heads().get(block).count())
                .min()
                .orElseThrow();
        return IndexSelection.resolve(field + ".heads", rows.heads(), count, "Heads count from 0.");
    }

    private int width(String field, Site site, int[] blocks) {
        if (site != Site.ATTENTION_HEADS) {
            return model.hiddenSize();
        }
        List<HeadShape> shapes =
                Arrays.stream(blocks).mapToObj(model.heads()::get).distinct().toList();
        if (shapes.size() > 1) {
            throw notAvailable(
                    field + ".rows.layers",
                    "layers of different heads",
                    "The attention heads of these blocks differ in number or size. Change them one by one.");
        }
        return shapes.get(0).size();
    }

    private Operation operation(String field, RequestedIntervention.Operation asked, Place place) {
        if (asked instanceof RequestedIntervention.ReplaceFrom replace) {
            return replace(field + ".replace_from", replace, place);
        } else if (asked instanceof RequestedIntervention.Add add) {
            return add(field + ".add", add, place);
        } else if (asked instanceof RequestedIntervention.ProjectOut project) {
            return new Interventions.ProjectOut(
                    direction(field + ".project_out.direction", project.direction(), place));
        } else if (asked instanceof RequestedIntervention.Swap swap) {
            return new Interventions.Swap(
                    direction(field + ".swap.from", swap.from(), place),
                    direction(field + ".swap.to", swap.to(), place));
        } else if (asked instanceof RequestedIntervention.SetMean mean) {
            return new Interventions.SetMean(rows(field + ".set.mean", mean.rows()));
        } else if (asked instanceof RequestedIntervention.SetVector vector) {
            return new Interventions.SetVector(finite(field + ".set.vector", vector.values(), place));
        } else if (asked instanceof RequestedIntervention.SetZero) {
            return new Interventions.SetZero();
        } else if (asked instanceof RequestedIntervention.Scale scale) {
            return new Interventions.Scale((float) coefficient(field + ".scale.factor", scale.factor()));
        }
        if (place.site() != Site.BLOCK_OUTPUT) {
            throw notAvailable(
                    field + ".skip_block",
                    place.site().inWords(),
                    "A block is left out at its output. Change the site block-output.");
        }
        return new Interventions.Skip();
    }

    private Operation replace(String field, RequestedIntervention.ReplaceFrom asked, Place place) {
        int source = asked.source()
                .map(given -> source(field + ".source", given))
                .orElseGet(() -> index(prompt, field + ".source"));
        OptionalInt block = asked.layer();
        if (block.isPresent()) {
            block = OptionalInt.of(sourceBlock(field + ".layer", block.getAsInt(), place));
        }
        int count = sources.get(source).length;
        if (asked.positions().isEmpty()) {
            int last = place.positions().length == 0 ? -1 : place.positions()[place.positions().length - 1];
            if (last >= count) {
                throw InvalidFieldException.outOfRange(
                        field + ".positions",
                        last,
                        0,
                        count - 1,
                        "The source prompt has only %d tokens. Name its positions.".formatted(count));
            }
            return new Interventions.Replace(source, block, place.positions());
        }
        int[] positions = IndexSelection.inOrder(field + ".positions", asked.positions(), count, COUNTED);
        if (positions.length != 1 && positions.length != place.positions().length) {
            throw InvalidFieldException.of(
                    field + ".positions",
                    Problem.NOT_UNDERSTOOD,
                    positions.length + " positions",
                    "Give one position of the source for all changed rows, or one for each of the %d changed positions."
                            .formatted(place.positions().length));
        }
        return new Interventions.Replace(source, block, positions);
    }

    private int sourceBlock(String field, int asked, Place place) {
        if (place.site() == Site.EMBEDDING) {
            throw InvalidFieldException.of(
                    field, Problem.NOT_UNDERSTOOD, "layer", "The embedding has no layer. Leave the field out.");
        }
        int block = asked < 0 ? asked + model.blockCount() : asked;
        if (block < 0 || block >= model.blockCount()) {
            throw InvalidFieldException.outOfRange(
                    field, asked, -model.blockCount(), model.blockCount() - 1, BLOCKS_COUNTED);
        }
        boolean same = place.site() != Site.ATTENTION_HEADS
                || model.heads().get(block).equals(model.heads().get(place.blocks()[0]));
        if (!model.sites().get(block).contains(place.site()) || !same) {
            throw notAvailable(
                    field,
                    place.site().inWords(),
                    "Block %d has no such rows. Take the row of another block.".formatted(block));
        }
        return block;
    }

    private Operation add(String field, RequestedIntervention.Add asked, Place place) {
        boolean isFactor = asked.measure() == RequestedIntervention.Measure.FACTOR;
        double coefficient = coefficient(field + (isFactor ? ".factor" : ".share_of_length"), asked.coefficient());
        asked.largestShare().ifPresent(share -> {
            if (!(share > 0 && share <= MAX_COEFFICIENT)) {
                throw outOfRange(
                        field + ".largest_share",
                        share,
                        "Give a number above 0 and at most 1e6, or leave the field out for no limit.");
            }
        });
        return new Interventions.Add(
                direction(field + ".direction", asked.direction(), place),
                coefficient,
                asked.measure(),
                asked.largestShare());
    }

    private static double coefficient(String field, double given) {
        // This form also refuses NaN.
        if (!(Math.abs(given) <= MAX_COEFFICIENT)) {
            throw outOfRange(field, given, "Give a finite number of at most 1e6 in magnitude.");
        }
        return given;
    }

    private Direction direction(String field, RequestedIntervention.Direction asked, Place place) {
        if (asked instanceof RequestedIntervention.TokenDirection token) {
            return tokenDirection(field + ".token", token, place);
        } else if (asked instanceof RequestedIntervention.Difference difference) {
            return new Interventions.Difference(
                    rows(field + ".difference.to", difference.to()),
                    rows(field + ".difference.from", difference.from()));
        }
        float[] values = finite(field + ".vector", ((RequestedIntervention.Vector) asked).values(), place);
        if (IntStream.range(0, values.length).allMatch(i -> values[i] == 0)) {
            throw InvalidFieldException.of(
                    field + ".vector",
                    Problem.OUT_OF_RANGE,
                    "a vector of zeros",
                    "It has no direction. Give another one.");
        }
        return new Interventions.Vector(values);
    }

    private Direction tokenDirection(String field, RequestedIntervention.TokenDirection asked, Place place) {
        if (place.site() == Site.ATTENTION_HEADS) {
            throw notAvailable(
                    field,
                    place.site().inWords(),
                    "A token has a direction in the stream, but none in an attention head. Change another site.");
        }
        asked.lens().ifPresent(name -> requireMaps(field + ".lens", name, place));
        return new Interventions.TokenDirection(tokens.token(field + ".token", asked.token()), asked.lens());
    }

    private void requireMaps(String field, String name, Place place) {
        KnownLens lens = known.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> InvalidFieldException.notThere(
                        field,
                        name,
                        "this model has no lens \"%s\"".formatted(name),
                        known.stream().map(KnownLens::name).toList(),
                        "Leave the lens out for the row of the unembedding."));
        for (int block : place.blocks()) {
            ReadPoint point = place.site() == Site.EMBEDDING ? ReadPoint.EMBEDDING : ReadPoint.layer(block);
            if (!lens.readPoints().contains(point)) {
                throw InvalidFieldException.notThere(
                        field,
                        name,
                        "the lens \"%s\" has no map for %s"
                                .formatted(name, point.isLayer() ? "layer " + block : "the embedding"),
                        List.of(),
                        "It has maps for %s.".formatted(lens.inWords()));
            }
        }
    }

    private static float[] finite(String field, float[] values, Place place) {
        if (values.length != place.width()) {
            throw InvalidFieldException.outOfRange(
                    field + ".values",
                    values.length,
                    place.width(),
                    place.width(),
                    place.site() == Site.ATTENTION_HEADS
                            ? "Give as many numbers as an attention head has."
                            : "Give as many numbers as the residual stream has.");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw outOfRange("%s.values[%d]".formatted(field, i), values[i], "Give finite numbers.");
            }
        }
        return values;
    }

    private List<SourceRows> rows(String field, PromptRows asked) {
        if (asked.prompts().isEmpty()) {
            throw InvalidFieldException.of(field + ".prompts", Problem.MISSING, "", "Give one prompt or more.");
        }
        var rows = new ArrayList<SourceRows>();
        for (LensPrompt each : asked.prompts()) {
            int source = source("%s.prompts[%d]".formatted(field, rows.size()), each);
            int[] positions = IndexSelection.resolve(
                    field + ".positions", asked.positions(), sources.get(source).length, COUNTED);
            rows.add(new SourceRows(source, positions));
        }
        return rows;
    }

    private int source(String field, LensPrompt given) {
        return index(tokens.prompt(field, given).tokens().ids(), field);
    }

    private int index(int[] ids, String field) {
        for (int i = 0; i < sources.size(); i++) {
            if (Arrays.equals(sources.get(i), ids)) {
                return i;
            }
        }
        if (sources.size() == LensPlanner.MAX_SOURCES) {
            throw InvalidFieldException.tooMany(
                    field,
                    sources.size() + 1L,
                    LensPlanner.MAX_SOURCES,
                    "A request may use so many different source prompts.");
        }
        sources.add(ids);
        return sources.size() - 1;
    }

    private static InvalidFieldException outOfRange(String field, double given, String remedy) {
        return InvalidFieldException.of(field, Problem.OUT_OF_RANGE, Double.toString(given), remedy);
    }

    private static InvalidFieldException notAvailable(String field, String given, String remedy) {
        return InvalidFieldException.of(field, Problem.NOT_AVAILABLE, given, remedy);
    }
}
