package dev.stratalens.cli.table;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import java.util.List;

/**
 * A cell with the result that it is of.
 *
 * @param prompt what was asked
 * @param view the result, through the lens of the cell
 * @param read what the lens read at the cell's read point
 * @param position of the cell
 */
public record ResultCell(Asked prompt, LensResult view, LayerResult read, int position) {

    /**
     * What is known of a prompt beside its result.
     *
     * @param id of the prompt
     * @param request fingerprint of what was asked
     * @param type of the prompt; may be empty
     */
    public record Asked(String id, String request, String type) {

        static Asked of(BatchPrompt prompt, String request) {
            return new Asked(prompt.id(), request, prompt.type());
        }
    }

    /** The cells of a position as one lens read it, in order of depth. */
    static List<ResultCell> of(Asked prompt, LensResult view, int position) {
        return view.readPoints().stream()
                .map(point -> new ResultCell(prompt, view, view.at(point), position))
                .toList();
    }
}
