/** What to compute: a request as asked, checked against a model, becomes a plan in indices. */
@NullMarked
package dev.stratalens.engine.lens.plan;

import org.jspecify.annotations.NullMarked;
