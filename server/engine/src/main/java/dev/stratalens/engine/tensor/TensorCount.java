package dev.stratalens.engine.tensor;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the tensors of one owner, such as a model, to find leaks. Thread-safe. */
public final class TensorCount {

    private final AtomicInteger open = new AtomicInteger();

    /** Number of tensors that are not freed yet. */
    public int open() {
        return open.get();
    }

    void add(int tensors) {
        open.addAndGet(tensors);
    }
}
