package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.v1.CellChunk;

/** A form in which the numbers of cells travel. */
interface CellForm {

    /** Whether it can say the numbers of positions first .. end - 1. */
    boolean has(CellReadout cells, int first, int end);

    /** Adds the numbers of positions first .. end - 1. */
    void add(CellChunk.Builder chunk, CellReadout cells, int first, int end);
}
