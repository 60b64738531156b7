package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.tensor.TorchScope;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells of each group of rows that a device begins to read ("begin"), and that is waited for ("wait"). */
public final class LoggingKernel extends WrappedKernel {

    private final Consumer<String> log;

    public LoggingKernel(HeadKernel kernel, Consumer<String> log) {
        super(kernel);
        this.log = log;
    }

    @Override
    public Supplier<RowReadout> begin(TorchScope step, HeadQuery query, Cancellation cancellation) {
        log.accept("begin");
        Supplier<RowReadout> readout = super.begin(step, query, cancellation);
        return () -> {
            log.accept("wait");
            return readout.get();
        };
    }
}
