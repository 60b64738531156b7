package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.kernel.row.PlainKernel;
import dev.stratalens.engine.lens.kernel.row.RowKernel;
import dev.stratalens.engine.lens.kernel.row.RowStatistics;
import dev.stratalens.engine.lens.kernel.row.WarmingKernel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The statistics of one tile: top 10, log-sum-exp, entropy and the rank of one target a row. On one thread, row by row as
 * the lens calls them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 6, time = 1) // vector code is slow by orders of magnitude until it is compiled
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class StatisticsBenchmark {

    private static final int KEPT = 10;

    @Param({"64"})
    public int rows;

    @Param({"4096", "16384"})
    public int columns;

    @Param({"FLOAT32", "BFLOAT16"})
    public DataType type = DataType.FLOAT32;

    private final RowKernel plain = new PlainKernel();
    private final RowKernel vector = WarmingKernel.vector()
            .orElseThrow(() -> new IllegalStateException("start with --add-modules jdk.incubator.vector"));
    private SampleTile sample = new SampleTile(1, 1, DataType.FLOAT32);
    private final RowBuffer buffer = new RowBuffer();

    @Setup
    public void fill() {
        sample.close();
        sample = new SampleTile(rows, columns, type);
    }

    @TearDown
    public void free() {
        sample.close();
    }

    @Benchmark
    public double plainKernel() {
        return run(plain);
    }

    @Benchmark
    public double vectorKernel() {
        return run(vector);
    }

    /** What the vector kernel pays before: a row from the buffer to the heap, widened where it is bfloat16. */
    @Benchmark
    public float copyOrWiden() {
        float sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += row(i, vector)[0];
        }
        return sum;
    }

    private double run(RowKernel kernel) {
        RowStatistics statistics = statistics();
        for (int i = 0; i < rows; i++) {
            kernel.accept(row(i, kernel), columns, 0, statistics, i);
        }
        return statistics.logSumExp(rows - 1);
    }

    private float[] row(int index, RowKernel kernel) {
        return sample.tile().numbers().read(index * columns, columns, buffer, kernel);
    }

    private RowStatistics statistics() {
        int[] targets = new int[rows];
        Arrays.fill(targets, columns / 2);
        return new RowStatistics(rows, KEPT, 1, targets, new float[rows]);
    }
}
