package dev.stratalens.engine.lens.intervention;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.intervention.SourcePass.Use;
import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.Interventions.Change;
import dev.stratalens.engine.lens.plan.Interventions.Direction;
import dev.stratalens.engine.lens.plan.Interventions.SourceRows;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.RequestedIntervention.Measure;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.InterventionNumbers;
import dev.stratalens.engine.model.change.RowOperation;
import dev.stratalens.engine.model.site.BlockSites;
import dev.stratalens.engine.model.site.HeadShape;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Finds the numbers of interventions: rows of source prompts, by passes of their own, and directions of tokens. Not thread-safe;
 * closed before the model.
 */
public final class InterventionResolver implements AutoCloseable {

    /** Tokens of source prompts that pass the blocks together; a longer prompt passes alone. */
    public static final int SOURCE_TOKENS = SourcePass.GROUP_TOKENS;

    private final CausalLanguageModel model;
    private final Lenses lenses;
    private final SourcePass passes;
    private final List<HeadShape> heads;
    private final InterventionNumbers numbers;

    /** @param betweenBlocks called between the blocks of passes over sources; may throw, which ends the work */
    public InterventionResolver(CausalLanguageModel model, Lenses lenses, Runnable betweenBlocks) {
        this.model = model;
        this.lenses = lenses;
        this.passes = new SourcePass(model, betweenBlocks);
        this.heads = BlockSites.heads(model.architecture());
        this.numbers = new InterventionNumbers(model.head());
    }

    /** Resolves the changes of a plan. */
    public ResolvedChanges resolve(Interventions interventions) {
        return new Resolution().of(interventions);
    }

    @Override
    public void close() {
        numbers.close();
    }

    /** A row, or the heads of one, at a place. */
    private record Place(ReadPoint point, HeadShape shape) {

        int width() {
            return shape.count() * shape.size();
        }
    }

    /** First what is needed of sources is collected, then all passes run, then the operations are made. */
    private final class Resolution {

        private final List<Use> uses = new ArrayList<>();
        private final List<Runnable> afterwards = new ArrayList<>();
        private final ResolvedChanges resolved = new ResolvedChanges();

        ResolvedChanges of(Interventions interventions) {
            for (int i = 0; i < interventions.changes().size(); i++) {
                Change change = interventions.changes().get(i);
                for (int block : change.blocks()) {
                    prepare("interventions[%d]".formatted(i), change, place(block, change.site()));
                }
            }
            passes.run(interventions.sources(), uses);
            afterwards.forEach(Runnable::run);
            return resolved;
        }

        private Place place(int block, Site site) {
            HeadShape whole = new HeadShape(1, model.architecture().extents().hidden());
            return new Place(new ReadPoint(block, site), site == Site.ATTENTION_HEADS ? heads.get(block) : whole);
        }

        /** In the order of the interventions, which is that of what is done afterwards. */
        private void prepare(String field, Change change, Place place) {
            Interventions.Operation operation = change.operation();
            if (operation instanceof Interventions.Replace replace) {
                replace(change, place, replace);
            } else if (operation instanceof Interventions.SetMean mean) {
                MeanRow row = mean(mean.rows(), place);
                byHead(
                        change,
                        place,
                        head -> new RowOperation.Set(
                                part(row, place, head), place.shape().size()));
            } else if (operation instanceof Interventions.SetZero) {
                atOnce(change, place, () -> set(new float[place.shape().size()]));
            } else if (operation instanceof Interventions.SetVector vector) {
                atOnce(change, place, () -> set(vector.values()));
            } else if (operation instanceof Interventions.Scale scale) {
                atOnce(change, place, () -> new RowOperation.Scale(scale.factor()));
            } else if (operation instanceof Interventions.Skip) {
                atOnce(change, place, RowOperation.Skip::new);
            } else if (operation instanceof Interventions.Add add) {
                IntFunction<float[]> direction = direction(field + ".add.direction", add.direction(), place);
                byHead(change, place, head -> added(add, direction.apply(head)));
            } else if (operation instanceof Interventions.ProjectOut project) {
                IntFunction<float[]> direction =
                        direction(field + ".project_out.direction", project.direction(), place);
                byHead(change, place, head -> projected(direction.apply(head)));
            } else if (operation instanceof Interventions.Swap swap) {
                IntFunction<float[]> from = direction(field + ".swap.from", swap.from(), place);
                IntFunction<float[]> to = direction(field + ".swap.to", swap.to(), place);
                byHead(change, place, head -> swapped(from.apply(head), to.apply(head)));
            }
        }

        private void atOnce(Change change, Place place, Supplier<RowOperation> operation) {
            afterwards.add(() -> resolved.add(
                    place.point(), change, change.heads(), place.shape().count(), operation.get()));
        }

        /** Each head of a row has an operation of its own. */
        private void byHead(Change change, Place place, IntFunction<RowOperation> operation) {
            for (int head : change.heads()) {
                afterwards.add(() -> resolved.add(
                        place.point(), change, new int[] {head}, place.shape().count(), operation.apply(head)));
            }
        }

        private void replace(Change change, Place place, Interventions.Replace replace) {
            ReadPoint from = new ReadPoint(
                    replace.block().orElse(place.point().block()), place.point().site());
            var rows = new float[1][];
            uses.add(new Use(replace.source(), from, replace.positions(), taken -> rows[0] = taken));
            int size = place.shape().size();
            if (replace.positions().length == 1) {
                byHead(change, place, head -> set(Arrays.copyOfRange(rows[0], head * size, (head + 1) * size)));
                return;
            }
            atOnce(change, place, () -> {
                var values = new float[change.positions().length * change.heads().length * size];
                int to = 0;
                for (int position = 0; position < change.positions().length; position++) {
                    for (int head : change.heads()) {
                        System.arraycopy(rows[0], position * place.width() + head * size, values, to, size);
                        to += size;
                    }
                }
                return new RowOperation.Set(values, size);
            });
        }

        private MeanRow mean(List<SourceRows> rows, Place place) {
            var mean = new MeanRow(place.width());
            rows.forEach(some -> uses.add(new Use(some.source(), place.point(), some.positions(), mean)));
            return mean;
        }

        /** The direction for each head. */
        private IntFunction<float[]> direction(String field, Direction direction, Place place) {
            if (direction instanceof Interventions.Vector vector) {
                return head -> vector.values();
            }
            if (direction instanceof Interventions.TokenDirection token) {
                float[] values = tokenDirection(token, place.point());
                return head -> values;
            }
            var difference = (Interventions.Difference) direction;
            MeanRow to = mean(difference.to(), place);
            MeanRow from = mean(difference.from(), place);
            return head -> {
                int size = place.shape().size();
                var values = new float[size];
                for (int i = 0; i < size; i++) {
                    values[i] = (float) (to.get(head * size + i) - from.get(head * size + i));
                }
                requireDirection(field + ".difference", values);
                return values;
            };
        }
    }

    private static float[] part(MeanRow row, Place place, int head) {
        return row.columns(head * place.shape().size(), place.shape().size());
    }

    private static RowOperation set(float[] values) {
        return new RowOperation.Set(values, values.length);
    }

    private static void requireDirection(String field, float[] values) {
        for (float value : values) {
            if (value != 0) {
                return;
            }
        }
        throw InvalidFieldException.of(
                field,
                Problem.OUT_OF_RANGE,
                "a difference of zeros",
                "Both means are the same, so there is no direction. At the embedding, tokens without positions differ by the token alone.");
    }

    private float[] tokenDirection(Interventions.TokenDirection token, ReadPoint place) {
        Head head = model.head();
        ReadPoint point = place.site() == Site.EMBEDDING ? place : ReadPoint.layer(place.block());
        try (TorchScope step = head.scope()) {
            TorchTensor direction = numbers.tokenDirection(step, token.id());
            return head.numbers(
                    token.lens().isPresent()
                            ? lenses.pulledBack(token.lens().get(), head, step, direction, point)
                            : direction);
        }
    }

    private static RowOperation added(Interventions.Add add, float[] direction) {
        if (add.measure() == Measure.FACTOR) {
            return new RowOperation.Shift(
                    times(direction, add.coefficient()),
                    // Nothing is added, however long it may be.
                    add.coefficient() == 0 ? OptionalDouble.empty() : add.largestShare());
        }
        double most = add.largestShare().orElse(Double.POSITIVE_INFINITY);
        double share = Math.max(-most, Math.min(most, add.coefficient()));
        return new RowOperation.ShiftByLength(times(direction, share / length(direction)));
    }

    private static RowOperation projected(float[] direction) {
        float[] unit = times(direction, 1 / length(direction));
        return new RowOperation.Push(unit, times(unit, -1));
    }

    private static RowOperation swapped(float[] from, float[] to) {
        float[] unit = times(from, 1 / length(from));
        float[] push = times(to, 1 / length(to));
        for (int i = 0; i < push.length; i++) {
            push[i] -= unit[i];
        }
        return new RowOperation.Push(unit, push);
    }

    private static double length(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static float[] times(float[] values, double factor) {
        float[] scaled = Arrays.copyOf(values, values.length);
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (scaled[i] * factor);
        }
        return scaled;
    }
}
