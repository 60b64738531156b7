/**
 * The table of families: one file a lineage, one method a family, each a difference from a relative.
 */
@NullMarked
package dev.stratalens.engine.architecture.family;

import org.jspecify.annotations.NullMarked;
