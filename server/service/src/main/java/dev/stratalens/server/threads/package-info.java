/**
 * Threads that everything depends on, and calls of code that must not end them.
 */
@NullMarked
package dev.stratalens.server.threads;

import org.jspecify.annotations.NullMarked;
