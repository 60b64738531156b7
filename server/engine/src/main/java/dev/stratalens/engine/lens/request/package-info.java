/** What a caller asks of a model, in its own terms: texts, ranges and names, not checked yet. */
@NullMarked
package dev.stratalens.engine.lens.request;

import org.jspecify.annotations.NullMarked;
