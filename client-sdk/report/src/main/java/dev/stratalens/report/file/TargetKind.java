package dev.stratalens.report.file;

import dev.stratalens.client.request.LensTarget;
import java.util.Locale;

/** Kinds of targets as {@code stratalens/2} names them. */
enum TargetKind {
    NEXT_TOKEN,
    FINAL_TOP,
    TEXT,
    ID;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TargetKind of(LensTarget target) {
        if (target instanceof LensTarget.NextToken) {
            return NEXT_TOKEN;
        } else if (target instanceof LensTarget.FinalTop) {
            return FINAL_TOP;
        }
        return target instanceof LensTarget.Text ? TEXT : ID;
    }
}
