/**
 * The part of the Jinja template language that chat templates use, with the settings and additions of transformers.
 * Values are Java's strings, longs, doubles and booleans, {@link dev.stratalens.engine.text.jinja.runtime.Sequence},
 * maps and a few types of this package; a template cannot reach other Java objects.
 */
@NullMarked
package dev.stratalens.engine.text.jinja;

import org.jspecify.annotations.NullMarked;
