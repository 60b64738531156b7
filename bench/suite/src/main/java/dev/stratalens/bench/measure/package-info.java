/** The parts of the benchmark, one measurement a class. */
@NullMarked
package dev.stratalens.bench.measure;

import org.jspecify.annotations.NullMarked;
