/** The devices of this machine, and which of them an operator chose. Makes no native call. */
@NullMarked
package dev.stratalens.engine.device;

import org.jspecify.annotations.NullMarked;
