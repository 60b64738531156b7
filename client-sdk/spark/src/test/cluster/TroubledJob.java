import dev.stratalens.spark.SparkLens;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a table while a task is far slower than the others, so that Spark starts it a second time, and while a server is killed:
 * TroubledJob TEXTS OUTPUT SERVERS PROCESS-OF-A-SERVER.
 */
public final class TroubledJob {

    private static final int PARTITIONS = 8;

    public static void main(String[] args) {
        SparkSession session = SparkSession.builder().getOrCreate();
        AtomicInteger repeated = new AtomicInteger();
        session.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskStart(SparkListenerTaskStart start) {
                if (start.taskInfo().speculative()) {
                    repeated.incrementAndGet();
                }
            }
        });
        Dataset<Row> texts = session.read().json(args[0]).repartition(PARTITIONS).persist();
        texts.count();
        Dataset<Row> troubled = texts.mapPartitions(trouble(Long.parseLong(args[3])), texts.encoder());
        SparkLens.of("--server", args[2], "--id-column", "id", "--in-flight", "4")
                .over(troubled, "text")
                .write()
                .option("compression", "zstd")
                .parquet(args[1]);
        System.out.println("tasks that were started twice: " + repeated.get());
        session.stop();
    }

    private static MapPartitionsFunction<Row, Row> trouble(long process) {
        return texts -> new Iterator<>() {
            private final TaskContext task = TaskContext.get();
            private int given;

            @Override
            public boolean hasNext() {
                return texts.hasNext();
            }

            @Override
            public Row next() {
                given++;
                if (given == 4 && task.partitionId() == 1) {
                    ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
                }
                if (given == 6 && task.partitionId() == PARTITIONS - 1 && task.attemptNumber() == 0) {
                    sleep();
                }
                return texts.next();
            }
        };
    }

    private static void sleep() {
        try {
            Thread.sleep(600_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the other one was first
        }
    }

    private TroubledJob() {}
}
