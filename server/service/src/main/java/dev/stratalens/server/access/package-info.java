/** Who calls, and what this caller may do and use. */
@NullMarked
package dev.stratalens.server.access;

import org.jspecify.annotations.NullMarked;
