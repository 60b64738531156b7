/** Other tools that compute a logit lens, each in a process of its own that answers lines of JSON. */
@NullMarked
package dev.stratalens.bench.peer;

import org.jspecify.annotations.NullMarked;
