/** The engine without a server, as its README shows it. */
@NullMarked
package dev.stratalens.engine.example;

import org.jspecify.annotations.NullMarked;
