/** A real server on a real model, asked by the real client over real sockets. */
@NullMarked
package dev.stratalens.integration;

import org.jspecify.annotations.NullMarked;
