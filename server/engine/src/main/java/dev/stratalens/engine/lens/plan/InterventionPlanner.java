package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.plan.Interventions.Change;
import dev.stratalens.engine.lens.plan.Interventions.Operation;
import dev.stratalens.engine.lens.plan.RequestedIntervention.GeneratedTokens;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.model.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Checks the interventions of a request against a model, and resolves their indexes, tokens and prompts. Made for one request. */
final class InterventionPlanner {

    /** Largest magnitude of a coefficient or factor. */
    static final double MAX_COEFFICIENT = 1e6;

    private final ModelDescription model;
    private final int[] prompt;
    private final RowSelection rows;
    private final SourcePrompts sources;
    private final DirectionPlanner directions;

    /** @param prompt the prompt that is changed */
    InterventionPlanner(ModelDescription model, TokenReader tokens, List<KnownLens> lenses, int[] prompt) {
        this.model = model;
        this.prompt = prompt;
        this.rows = new RowSelection(model, prompt.length);
        this.sources = new SourcePrompts(tokens);
        this.directions = new DirectionPlanner(tokens, lenses, sources);
    }

    /** The sources of the changes so far. */
    List<int[]> sources() {
        return sources.all();
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
        GeneratedTokens generated = asked.rows().generated();
        SelectedRows changed = rows.resolve(field + ".rows", asked.rows());
        Operation operation = operation(field, asked.operation(), changed);
        if (generated != GeneratedTokens.NONE
                && asked.operation() instanceof RequestedIntervention.ReplaceFrom from
                && (from.positions().isEmpty() || ((Interventions.Replace) operation).positions().length != 1)) {
            throw InvalidFieldException.of(
                    field + ".replace_from.positions",
                    Problem.MISSING,
                    "",
                    "Give one position of the source: how many tokens are generated is not known yet.");
        }
        return new Change(changed.site(), changed.blocks(), changed.positions(), generated, changed.heads(), operation);
    }

    private Operation operation(String field, RequestedIntervention.Operation asked, SelectedRows changed) {
        if (asked instanceof RequestedIntervention.ReplaceFrom replace) {
            return replace(field + ".replace_from", replace, changed);
        } else if (asked instanceof RequestedIntervention.Add add) {
            return add(field + ".add", add, changed);
        } else if (asked instanceof RequestedIntervention.ProjectOut project) {
            return new Interventions.ProjectOut(
                    directions.plan(field + ".project_out.direction", project.direction(), changed));
        } else if (asked instanceof RequestedIntervention.Swap swap) {
            return new Interventions.Swap(
                    directions.plan(field + ".swap.from", swap.from(), changed),
                    directions.plan(field + ".swap.to", swap.to(), changed));
        } else if (asked instanceof RequestedIntervention.SetMean mean) {
            return new Interventions.SetMean(sources.rows(field + ".set.mean", mean.rows()));
        } else if (asked instanceof RequestedIntervention.SetVector vector) {
            return new Interventions.SetVector(changed.vector(field + ".set.vector", vector.values()));
        } else if (asked instanceof RequestedIntervention.SetZero) {
            return new Interventions.SetZero();
        } else if (asked instanceof RequestedIntervention.Scale scale) {
            return new Interventions.Scale((float) coefficient(field + ".scale.factor", scale.factor()));
        }
        if (changed.site() != Site.BLOCK_OUTPUT) {
            throw notAvailable(
                    field + ".skip_block",
                    changed.site().inWords(),
                    "A block is left out at its output. Change the site block-output.");
        }
        return new Interventions.Skip();
    }

    private Operation replace(String field, RequestedIntervention.ReplaceFrom asked, SelectedRows changed) {
        int source = asked.source()
                .map(given -> sources.index(field + ".source", given))
                .orElseGet(() -> sources.index(field + ".source", prompt));
        OptionalInt block = asked.layer();
        if (block.isPresent()) {
            block = OptionalInt.of(sourceBlock(field + ".layer", block.getAsInt(), changed));
        }
        int count = sources.length(source);
        if (asked.positions().isEmpty()) {
            int last = changed.positions().length == 0 ? -1 : changed.positions()[changed.positions().length - 1];
            if (last >= count) {
                throw InvalidFieldException.outOfRange(
                        field + ".positions",
                        last,
                        0,
                        count - 1,
                        "The source prompt has only %d tokens. Name its positions.".formatted(count));
            }
            return new Interventions.Replace(source, block, changed.positions());
        }
        int[] positions = IndexSelection.inOrder(
                field + ".positions", asked.positions(), count, IndexSelection.POSITIONS_COUNTED);
        if (positions.length != 1 && positions.length != changed.positions().length) {
            throw InvalidFieldException.of(
                    field + ".positions",
                    Problem.NOT_UNDERSTOOD,
                    positions.length + " positions",
                    "Give one position of the source for all changed rows, or one for each of the %d changed positions."
                            .formatted(changed.positions().length));
        }
        return new Interventions.Replace(source, block, positions);
    }

    private int sourceBlock(String field, int asked, SelectedRows changed) {
        if (changed.site() == Site.EMBEDDING) {
            throw InvalidFieldException.of(
                    field, Problem.NOT_UNDERSTOOD, "layer", "The embedding has no layer. Leave the field out.");
        }
        int block = IndexSelection.one(field, asked, model.blockCount(), IndexSelection.BLOCKS_COUNTED);
        boolean same = changed.site() != Site.ATTENTION_HEADS
                || model.heads().get(block).equals(model.heads().get(changed.blocks()[0]));
        if (!model.sites().get(block).contains(changed.site()) || !same) {
            throw notAvailable(
                    field,
                    changed.site().inWords(),
                    "Block %d has no such rows. Take the row of another block.".formatted(block));
        }
        return block;
    }

    private Operation add(String field, RequestedIntervention.Add asked, SelectedRows changed) {
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
                directions.plan(field + ".direction", asked.direction(), changed),
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

    private static InvalidFieldException outOfRange(String field, double given, String remedy) {
        return InvalidFieldException.of(field, Problem.OUT_OF_RANGE, Double.toString(given), remedy);
    }

    private static InvalidFieldException notAvailable(String field, String given, String remedy) {
        return InvalidFieldException.of(field, Problem.NOT_AVAILABLE, given, remedy);
    }
}
