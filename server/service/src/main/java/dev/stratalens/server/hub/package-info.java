/**
 * Where models come from: the Hugging Face hub and the cache that its tools share, in the layout that they use, so that
 * nothing is downloaded or stored twice.
 */
@NullMarked
package dev.stratalens.server.hub;

import org.jspecify.annotations.NullMarked;
