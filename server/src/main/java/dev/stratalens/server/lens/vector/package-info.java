/** The statistics pass with the Vector API; loaded by name, because the incubator module may be absent. */
@NullMarked
package dev.stratalens.server.lens.vector;

import org.jspecify.annotations.NullMarked;
