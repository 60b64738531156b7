/** The result of each plan while its pass runs: what is known of it, what was passed on, and whether it is still wanted. */
@NullMarked
package dev.stratalens.engine.lens.pass.result;

import org.jspecify.annotations.NullMarked;
