/** A pass: the forward pass, the order in which rows are read, and the results of each plan in it. */
@NullMarked
package dev.stratalens.engine.lens.pass;

import org.jspecify.annotations.NullMarked;
