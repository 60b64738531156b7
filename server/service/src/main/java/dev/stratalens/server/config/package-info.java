/**
 * The server's configuration: file, then environment, then flags.
 */
@NullMarked
package dev.stratalens.server.config;

import org.jspecify.annotations.NullMarked;
