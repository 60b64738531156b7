/** Rounds: everything that is compared is measured once in each, on a machine that nothing else uses. */
@NullMarked
package dev.stratalens.bench.round;

import org.jspecify.annotations.NullMarked;
