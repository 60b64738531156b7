/** From what a call brings to its caller. */
@NullMarked
package dev.stratalens.server.access.control;

import org.jspecify.annotations.NullMarked;
