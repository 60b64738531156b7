package dev.stratalens.engine.model.change;

import java.util.Arrays;

/**
 * An operation on rows of one prompt. Arrays are not copied: read-only.
 *
 * @param prompt index of the prompt in the pass
 * @param positions tokens of the prompt, ascending, those before this pass included; tokens that the pass does not have are left alone
 * @param heads attention heads of these rows, ascending; {0} for whole rows
 * @param headCount heads of a row; 1 for whole rows
 * @param operation what happens to each row, or to each head of it
 */
public record RowChange(int prompt, int[] positions, int[] heads, int headCount, RowOperation operation) {

    private static final int[] WHOLE = {0};

    /**
     * The same for one of its positions, in another prompt.
     *
     * @param some of its heads, ascending
     */
    public RowChange only(int otherPrompt, int position, int[] some) {
        RowOperation one = operation;
        if (operation instanceof RowOperation.Set set && !set.isOneForAll()) {
            int size = set.width();
            var values = new float[some.length * size];
            int row = Arrays.binarySearch(positions, position) * heads.length;
            for (int i = 0; i < some.length; i++) {
                System.arraycopy(
                        set.values(), (row + Arrays.binarySearch(heads, some[i])) * size, values, i * size, size);
            }
            one = new RowOperation.Set(values, size);
        }
        return new RowChange(otherPrompt, new int[] {position}, some, headCount, one);
    }

    /** A change of whole rows. */
    public static RowChange whole(int prompt, int[] positions, RowOperation operation) {
        return new RowChange(prompt, positions, WHOLE, 1, operation);
    }
}
