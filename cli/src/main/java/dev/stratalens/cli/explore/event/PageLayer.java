package dev.stratalens.cli.explore.event;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.request.ReadPoint;
import java.io.IOException;

/**
 * A read point as the number that the page gives it: a layer is its block, the embedding -1, and what is read inside a block lies between the
 * layer before and the block's own.
 */
final class PageLayer {

    private static final double QUARTERS = 4;

    private PageLayer() {}

    static void write(ReadPoint point, JsonWriter json) throws IOException {
        double before = switch (point.site()) {
            case EMBEDDING, BLOCK_OUTPUT -> 0;
            case ATTENTION_OUTPUT -> 3;
            case ATTENTION_RESIDUAL -> 2;
            case FEED_FORWARD_OUTPUT -> 1;
        };
        if (before == 0) {
            json.value(point.layer());
        } else {
            json.value(point.block() - before / QUARTERS);
        }
    }
}
