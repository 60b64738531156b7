/** What to ask for. */
@NullMarked
package dev.stratalens.client.request;

import org.jspecify.annotations.NullMarked;
