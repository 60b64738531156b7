/** Files that are read again when they change. */
@NullMarked
package dev.stratalens.server.access.file;

import org.jspecify.annotations.NullMarked;
