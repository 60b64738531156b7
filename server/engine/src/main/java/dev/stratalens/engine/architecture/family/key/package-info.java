/** Keys of configurations that rows of several lineages read in the same way. */
@NullMarked
package dev.stratalens.engine.architecture.family.key;

import org.jspecify.annotations.NullMarked;
