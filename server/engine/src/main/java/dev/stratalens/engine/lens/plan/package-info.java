/** Checks a request against a model and makes it a plan in indices. */
@NullMarked
package dev.stratalens.engine.lens.plan;

import org.jspecify.annotations.NullMarked;
