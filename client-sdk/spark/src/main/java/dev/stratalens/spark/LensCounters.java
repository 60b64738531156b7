package dev.stratalens.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * Progress of all tasks, shown by Spark's page beside each stage. Exact at the end of a job that writes the rows and nothing between;
 * Spark counts tasks again that it repeats for other reasons.
 *
 * @param texts that were answered, well or not
 * @param failures texts among them that have an error
 * @param rows of the table
 * @param repeats texts that were asked for again, because a server went away
 */
record LensCounters(LongAccumulator texts, LongAccumulator failures, LongAccumulator rows, LongAccumulator repeats)
        implements Serializable {

    static LensCounters register(SparkSession session) {
        SparkContext context = session.sparkContext();
        return new LensCounters(
                context.longAccumulator("stratalens texts"),
                context.longAccumulator("stratalens failures"),
                context.longAccumulator("stratalens rows"),
                context.longAccumulator("stratalens repeats"));
    }
}
