package dev.stratalens.client.internal.assembly;

import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.request.Lens;

/**
 * A layer that is complete.
 *
 * @param lens the lens that read it
 * @param columns what it read
 */
record ReadLayer(Lens lens, LayerColumns columns) {}
