/** The bench: what the product costs on this machine, held against the bare work and against other tools. */
@NullMarked
package dev.stratalens.bench;

import org.jspecify.annotations.NullMarked;
