/** Results as they are stored, and the views of them that users have. Not API; {@code stratalens-report} writes and reads files with it. */
@NullMarked
package dev.stratalens.client.internal.result;

import org.jspecify.annotations.NullMarked;
