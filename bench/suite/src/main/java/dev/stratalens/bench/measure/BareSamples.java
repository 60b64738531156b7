package dev.stratalens.bench.measure;

import dev.stratalens.bench.bare.BareWork;
import dev.stratalens.bench.bare.Blocking;
import dev.stratalens.bench.round.Round;
import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.round.SampleSpread;
import java.util.Comparator;
import java.util.List;

/** Samples of the bare work in rounds: puts them there, and sums them up with the products cut in the best way. */
final class BareSamples {

    private static final String FORWARD = "bare forward pass";
    private static final String PRODUCTS = "bare products ";
    private static final String EXPECTATION = "bare product of KL";
    private static final String CHECK = "bare self-check";

    private final List<Blocking> cuts;

    BareSamples(BareWork bare) {
        this.cuts = bare.cuts();
    }

    static void measure(BareWork bare, Round round) {
        round.put(FORWARD, bare.forward());
        bare.cuts().forEach(cut -> round.put(PRODUCTS + cut, bare.products(cut)));
        round.put(EXPECTATION, bare.expectation());
        round.put(CHECK, bare.selfChecks());
    }

    SampleSpread forward(Rounds rounds) {
        return rounds.of(FORWARD);
    }

    /** All products: the unembedding for all layers, KL's, the self-check's. */
    SampleSpread products(Rounds rounds) {
        Blocking cut = bestCut(rounds);
        return rounds.of(round -> products(round, cut));
    }

    SampleSpread all(Rounds rounds) {
        Blocking cut = bestCut(rounds);
        return rounds.of(round -> all(round, cut));
    }

    /** All of the bare work as a share of something that was measured in the same rounds. */
    SampleSpread share(Rounds rounds, String of) {
        Blocking cut = bestCut(rounds);
        return rounds.of(round -> all(round, cut) / round.get(of));
    }

    /** Rows and columns of a call, where the product of all layers was fastest. */
    Blocking bestCut(Rounds rounds) {
        return cuts.stream()
                .min(Comparator.comparingDouble(cut -> rounds.of(PRODUCTS + cut).median()))
                .orElseThrow();
    }

    private static double all(Round round, Blocking cut) {
        return round.get(FORWARD) + products(round, cut);
    }

    private static double products(Round round, Blocking cut) {
        return round.get(PRODUCTS + cut) + round.get(EXPECTATION) + round.get(CHECK);
    }
}
