/**
 * Models by name, and their loading.
 */
@NullMarked
package dev.stratalens.server.registry;

import org.jspecify.annotations.NullMarked;
