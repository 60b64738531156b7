package dev.stratalens.engine.lens.sweep;

/**
 * One cell of a grid.
 *
 * @param index counted by block, then position, then head
 * @param position token that is changed
 * @param heads attention heads that are changed; {0} for whole rows
 */
record GridCell(long index, int position, int[] heads) {}
