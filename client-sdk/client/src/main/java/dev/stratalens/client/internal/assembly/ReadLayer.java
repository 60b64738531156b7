package dev.stratalens.client.internal.assembly;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.result.LayerColumns;

/**
 * A layer that is complete.
 *
 * @param lens the lens that read it
 * @param columns what it read
 */
public record ReadLayer(Lens lens, LayerColumns columns) {}
