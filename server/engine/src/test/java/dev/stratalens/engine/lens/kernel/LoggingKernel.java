package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.tensor.TorchScope;

/** Tells of each group of rows that is read. */
public final class LoggingKernel extends WrappedKernel {

    private final Runnable reading;

    public LoggingKernel(HeadKernel kernel, Runnable reading) {
        super(kernel);
        this.reading = reading;
    }

    @Override
    public RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation) {
        reading.run();
        return super.read(step, query, cancellation);
    }
}
