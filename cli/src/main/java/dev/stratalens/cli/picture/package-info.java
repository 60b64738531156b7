/** Pictures of pixels, made from those of lines and text. */
@NullMarked
package dev.stratalens.cli.picture;

import org.jspecify.annotations.NullMarked;
