package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensCoverage;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.transport.NamedLens;
import dev.stratalens.v1.LensReading;
import java.util.List;
import java.util.stream.IntStream;

/** What each lens of a result reads. */
final class LensReadings {

    private LensReadings() {}

    /** One for each lens; none if no lens is a fitted one. */
    static List<LensReading> of(LensPlan plan, List<NamedLens> fitted) {
        if (plan.lenses().stream().noneMatch(RequestedLens.Transport.class::isInstance)) {
            return List.of();
        }
        return IntStream.range(0, plan.lenses().size())
                .mapToObj(
                        lens -> reading(plan.lenses().get(lens), plan.coverage().get(lens), fitted))
                .toList();
    }

    private static LensReading reading(RequestedLens lens, LensCoverage coverage, List<NamedLens> fitted) {
        LensReading.Builder reading = LensReading.newBuilder()
                .addAllReadPoints(coverage.readPoints())
                .setDecodesLastBlockAsModel(coverage.isModelAtTheEnd());
        if (lens instanceof RequestedLens.Transport transport) {
            fitted.stream()
                    .filter(named -> named.name().equals(transport.name()))
                    .forEach(named -> reading.addAllWarnings(named.warnings()).setSkippedPositions((int)
                            Math.min(Integer.MAX_VALUE, named.lens().origin().skippedPositions())));
        }
        return reading.build();
    }
}
