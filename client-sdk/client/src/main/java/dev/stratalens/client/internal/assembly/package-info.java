/** From the events of a stream to the columns of a result; refuses what contradicts the contract. Not API. */
@NullMarked
package dev.stratalens.client.internal.assembly;

import org.jspecify.annotations.NullMarked;
