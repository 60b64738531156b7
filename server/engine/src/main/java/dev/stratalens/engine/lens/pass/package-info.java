/** A pass: the forward pass, and the order in which rows are read. */
@NullMarked
package dev.stratalens.engine.lens.pass;

import org.jspecify.annotations.NullMarked;
