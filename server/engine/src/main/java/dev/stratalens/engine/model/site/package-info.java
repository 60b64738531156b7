/** Sites: the places in a block where rows are read, and which of them a block has. */
@NullMarked
package dev.stratalens.engine.model.site;

import org.jspecify.annotations.NullMarked;
