package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.AnalysisPage;
import dev.stratalens.cli.form.Picture;
import java.io.IOException;

/** An analysis, ready to be written in any form. */
public interface AnalysisReport {

    /** For people. */
    void print(AnalysisPage page);

    /** One line a number, with a line of names above. */
    void writeCsv(Appendable out) throws IOException;

    /** The fields of the analysis, into an object that is open. */
    void writeJson(JsonWriter json) throws IOException;

    /** What a picture shows. */
    Picture picture();
}
