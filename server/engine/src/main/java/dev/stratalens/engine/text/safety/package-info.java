/** Parts of tokenizers at which the tokenizers library would end the process or run without end. */
@NullMarked
package dev.stratalens.engine.text.safety;

import org.jspecify.annotations.NullMarked;
