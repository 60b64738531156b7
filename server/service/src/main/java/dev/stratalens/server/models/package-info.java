/**
 * Models by name, and their loading.
 */
@NullMarked
package dev.stratalens.server.models;

import org.jspecify.annotations.NullMarked;
