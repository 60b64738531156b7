package dev.stratalens.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvReportTest {

    @Test
    void namesItsColumns() throws IOException {
        assertEquals(
                "layer,position,prompt_token_id,prompt_token,place,token_id,token,probability,log_prob,log-sum-exp,entropy,"
                        + "kl-from-final,target1_id,target1_token,target1_rank,target1_log_prob,"
                        + "target2_id,target2_token,target2_rank,target2_log_prob",
                csv().lines().findFirst().orElseThrow());
    }

    @Test
    void hasALineForEachLayerPositionAndPlace() throws IOException {
        String onALineEach = csv().replace("\"\n\"", "LF");
        assertEquals(1L + 4 * 5 * 2, onALineEach.lines().count());
    }

    @Test
    void quotesAsRfc4180Says() throws IOException {
        assertTrue(csv().contains(",6,\",\"\"\",0.2"), csv());
        assertTrue(csv().contains(",5,\"\n\",0.1"), csv());
    }

    @Test
    void writesFloatsThatReadBackAndLeavesOutWhatIsNotThere() throws IOException {
        List<String> last =
                csv().lines().filter(line -> line.startsWith("2,4,")).toList();
        assertEquals("2,4,4, 東京,1,8, is,0.84000033,-0.174353,4.5,0.95,0.0,,,,,7, Paris,3,-5.80914", last.get(0));
    }

    private static String csv() throws IOException {
        StringBuilder out = new StringBuilder();
        CsvReport.write(List.of(Results.tiny()), out);
        return out.toString();
    }
}
