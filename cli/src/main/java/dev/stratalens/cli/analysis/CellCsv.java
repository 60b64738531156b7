package dev.stratalens.cli.analysis;

import dev.stratalens.cli.form.CsvLine;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** CSV with a line a cell. Texts are the tokens' own, white space and all; what does not exist is empty. */
final class CellCsv {

    static final List<String> HEAD = List.of("layer", "position", "prompt_token_id", "prompt_token");

    private CellCsv() {}

    /** What every line begins with. */
    static List<String> cell(LensResult result, int layer, int position) {
        Token token = result.tokens().get(position).token();
        return List.of(Integer.toString(layer), Integer.toString(position), Integer.toString(token.id()), token.text());
    }

    @SafeVarargs
    static void line(Appendable out, List<String>... parts) throws IOException {
        List<String> fields = new ArrayList<>();
        for (List<String> part : parts) {
            fields.addAll(part);
        }
        CsvLine.write(fields, out);
    }

    static String number(OptionalDouble value) {
        return CsvLine.number(value.orElse(Double.NaN));
    }

    static String number(OptionalInt value) {
        return value.isEmpty() ? "" : Integer.toString(value.getAsInt());
    }
}
