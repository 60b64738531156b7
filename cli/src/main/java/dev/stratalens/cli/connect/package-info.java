/** The way to a server: one that was named, or one in this process. */
@NullMarked
package dev.stratalens.cli.connect;

import org.jspecify.annotations.NullMarked;
