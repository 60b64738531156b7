package dev.stratalens.client.internal.result;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.client.result.Token;
import java.util.List;
import java.util.Map;

/**
 * A complete result as it is stored.
 *
 * @param info header and targets
 * @param lenses one a lens, in the order of {@link ResultInfo#lenses()}
 * @param vocabulary texts of every id that occurs
 * @param summary what the end says
 */
public record ResultColumns(
        ResultInfo info, List<LensColumns> lenses, Map<Integer, Token> vocabulary, ResultSummary summary) {

    /** Copies collections. */
    public ResultColumns {
        lenses = List.copyOf(lenses);
        vocabulary = Map.copyOf(vocabulary);
    }

    /** The columns behind a result. */
    public static ResultColumns of(LensResult result) {
        return ((ColumnResult) result).columns();
    }

    /** Those of them that belong to the lens that a result is read through. */
    public static LensColumns ofLens(LensResult result) {
        return ((ColumnResult) result).lensColumns();
    }

    /** The result, read through its first lens. */
    public LensResult view() {
        return new ColumnResult(this, lenses.get(0));
    }
}
