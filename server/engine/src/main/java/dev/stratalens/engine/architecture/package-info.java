/** Descriptions of decoder families, as choices of one generic block. */
@NullMarked
package dev.stratalens.engine.architecture;

import org.jspecify.annotations.NullMarked;
