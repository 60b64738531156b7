package dev.stratalens.bench.shape;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor as a fresh model has it.
 *
 * @param name in the checkpoint
 * @param shape its extents
 * @param mean mean of its values
 * @param deviation their standard deviation; 0 for a constant
 */
record RandomTensor(String name, List<Integer> shape, float mean, double deviation) {

    static RandomTensor normal(String name, double deviation, Integer... shape) {
        return new RandomTensor(name, Arrays.asList(shape), 0, deviation);
    }

    static RandomTensor constant(String name, float value, Integer... shape) {
        return new RandomTensor(name, Arrays.asList(shape), value, 0);
    }

    RandomTensor {
        shape = List.copyOf(shape);
    }

    long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }
}
