/**
 * Typed access to a Stratalens server: {@link dev.stratalens.client.LensClient} asks, {@link\n * dev.stratalens.client.LensStream} delivers layer by layer, {@link dev.stratalens.client.LensResult} holds the whole.
 */
@NullMarked
package dev.stratalens.client;

import org.jspecify.annotations.NullMarked;
