package dev.stratalens.spark;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** From the texts of a partition to its rows. Sent to the executors. */
final class LensTask implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1;

    private final List<String> options;
    private final String model;
    private final LensCounters counters;

    LensTask(List<String> options, String model, LensCounters counters) {
        this.options = options;
        this.model = model;
        this.counters = counters;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> texts) {
        TaskContext context = TaskContext.get();
        SparkLensOptions parsed = SparkLensOptions.parse(options);
        SteadyBatch answers = new SteadyBatch(
                new Texts(texts),
                new SteadyBatch.Task(
                        SharedSources.of(options),
                        parsed,
                        model,
                        context.partitionId(),
                        count -> counters.repeats().add(count)));
        context.addTaskCompletionListener((TaskCompletionListener) ended -> answers.close());
        return new Rows(answers, LensSchema.of(parsed), context);
    }

    private record Texts(Iterator<Row> rows) implements Iterator<TextRow> {

        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public TextRow next() {
            return TextRow.of(rows.next());
        }
    }

    private final class Rows implements Iterator<Row> {
        private final Iterator<LensAnswer> answers;
        private final LensSchema schema;
        private final TaskContext context;
        private Iterator<Row> ofAnswer = Collections.emptyIterator();

        Rows(Iterator<LensAnswer> answers, LensSchema schema, TaskContext context) {
            this.answers = answers;
            this.schema = schema;
            this.context = context;
        }

        @Override
        public boolean hasNext() {
            while (!ofAnswer.hasNext() && answers.hasNext()) {
                if (context.isInterrupted()) {
                    throw new TaskKilledException("another attempt was first, or the job was ended");
                }
                LensAnswer answer = answers.next();
                List<Row> rows = schema.rows(answer);
                counters.texts().add(1);
                counters.failures().add(answer.error().isPresent() ? 1 : 0);
                counters.rows().add(rows.size());
                LensProgress.answered();
                ofAnswer = rows.iterator();
            }
            return ofAnswer.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the partition has no further row");
            }
            return ofAnswer.next();
        }
    }
}
