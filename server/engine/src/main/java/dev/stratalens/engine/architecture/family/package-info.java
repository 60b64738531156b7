/** The table of families: one file per lineage, one method per family, each a difference from a relative. */
@NullMarked
package dev.stratalens.engine.architecture.family;

import org.jspecify.annotations.NullMarked;
