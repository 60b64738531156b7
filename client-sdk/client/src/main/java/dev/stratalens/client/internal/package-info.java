/** How the client works inside. Not API: anything here may change in any release. */
@NullMarked
package dev.stratalens.client.internal;

import org.jspecify.annotations.NullMarked;
