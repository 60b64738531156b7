/** Families whose blocks have other mixers than attention, or other ones beside it. */
@NullMarked
package dev.stratalens.engine.architecture.family.hybrid;

import org.jspecify.annotations.NullMarked;
