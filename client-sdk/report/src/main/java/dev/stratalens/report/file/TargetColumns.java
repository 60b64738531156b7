package dev.stratalens.report.file;

import dev.stratalens.client.result.RunInfo;
import java.util.ArrayList;
import java.util.List;

/** The targets' columns of a file: from one table a target, as in the file, to one array a layer. */
final class TargetColumns {

    private final int positions;
    private final List<int[]> ranks = new ArrayList<>();
    private final List<float[]> logProbs = new ArrayList<>();

    /** Reads the tables and checks that there is a rank exactly where there is a target. */
    TargetColumns(List<Section> targets, RunInfo info, int layers) throws LensFileException {
        positions = info.positions().size();
        for (int m = 0; m < targets.size(); m++) {
            int[] rank = targets.get(m).grid("rank").toIntsOr(0, layers, positions);
            for (int i = 0; i < rank.length; i++) {
                boolean exists = info.targets().get(m).ids().get(i % positions).isPresent();
                NativeJsonContents.require(
                        exists ? rank[i] >= 1 : rank[i] == 0,
                        targets.get(m).path()
                                + ".rank: a rank is 1 or more where the target exists, and null elsewhere");
            }
            ranks.add(rank);
            logProbs.add(targets.get(m).grid("log_prob").toFloats(layers, positions));
        }
    }

    int[] ranks(int layer) {
        int[] column = new int[positions * ranks.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = ranks.get(i % ranks.size())[layer * positions + i / ranks.size()];
        }
        return column;
    }

    float[] logProbs(int layer) {
        float[] column = new float[positions * logProbs.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = logProbs.get(i % logProbs.size())[layer * positions + i / logProbs.size()];
        }
        return column;
    }
}
