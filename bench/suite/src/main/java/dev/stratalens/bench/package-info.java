/** The bench: what the product costs on this machine, compared with the bare work and with other tools. */
@NullMarked
package dev.stratalens.bench;

import org.jspecify.annotations.NullMarked;
