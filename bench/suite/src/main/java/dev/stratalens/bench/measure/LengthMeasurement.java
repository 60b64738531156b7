package dev.stratalens.bench.measure;

import dev.stratalens.bench.bare.BareWork;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.report.QuantityNames;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.Round;
import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.bench.server.MeasuredServer;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.V2Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;

/**
 * One prompt length: the server, the lens in this process and the bare work, in the same rounds. They take turns, so that
 * never two of them compute at a time.
 */
final class LengthMeasurement {

    private static final String END_TO_END = "end to end";
    private static final String FIRST_CELL = "time to first cell";
    private static final String STREAM = "bytes of the stream";
    private static final String LENS = "whole lens";
    private static final String SERVER_LENS = "lens in the server";

    private final BenchSettings settings;
    private final Set<BenchPart> parts;
    private final Session session;
    /** Tokens of prompts that take less than a second or so. */
    private static final int SHORT = 64;

    private final BenchPrompt prompt;
    private final String condition;

    /** @param settings speed, efficiency and overhead are measured here, if they are asked for */
    LengthMeasurement(BenchSettings settings, Session session, BenchPrompt prompt) {
        this.settings = settings;
        this.parts = settings.parts();
        this.session = session;
        this.prompt = prompt;
        this.condition = PromisedTargets.tokens(prompt.length());
    }

    void run(Figures figures) {
        boolean server = parts.contains(BenchPart.SPEED) || parts.contains(BenchPart.OVERHEAD);
        boolean lens = parts.contains(BenchPart.EFFICIENCY) || parts.contains(BenchPart.OVERHEAD);
        if (!parts.contains(BenchPart.EFFICIENCY)) {
            add(figures, session.runner().run(condition, round -> {
                if (server) {
                    askServer(round);
                }
                if (lens) {
                    runLens(round);
                }
            }));
            return;
        }
        try (BareWork bare = session.model().bareWork(prompt.ids(), 1)) {
            Rounds rounds = session.runner().run(condition, round -> {
                if (server) {
                    askServer(round);
                }
                BareSamples.measure(bare, round);
                runLens(round);
            });
            add(figures, rounds);
            addEfficiency(figures, rounds, new BareSamples(bare));
        }
    }

    /** A process that waited for its turn is no longer in the caches, so a short call follows one that does not count. */
    private void askServer(Round round) {
        if (prompt.length() <= SHORT) {
            session.server().ask(prompt);
        }
        MeasuredServer.Answer answer = session.server().ask(prompt);
        round.put(END_TO_END, answer.seconds());
        round.put(FIRST_CELL, answer.firstCellSeconds());
        round.put(STREAM, (double) answer.bytes());
        round.put(SERVER_LENS, answer.lensSeconds());
    }

    private void runLens(Round round) {
        if (prompt.length() <= SHORT) {
            session.model().lensSeconds(prompt.ids());
        }
        round.put(LENS, session.model().lensSeconds(prompt.ids()));
    }

    private void add(Figures figures, Rounds rounds) {
        if (parts.contains(BenchPart.SPEED)) {
            addSpeed(figures, rounds);
        }
        if (parts.contains(BenchPart.OVERHEAD)) {
            Figures.Under into = figures.under(BenchPart.OVERHEAD, condition);
            into.add(END_TO_END, Unit.SECONDS, rounds);
            into.add(SERVER_LENS, Unit.SECONDS, rounds);
            into.add("lens in this process", Unit.SECONDS, rounds.of(LENS));
            SampleSpread overhead = rounds.of(round -> round.get(END_TO_END) - round.get(SERVER_LENS));
            into.add(QuantityNames.OVERHEAD, Unit.SECONDS, overhead);
            SampleSpread share = rounds.of(round -> round.get(END_TO_END) / round.get(SERVER_LENS) - 1);
            into.add(QuantityNames.OVERHEAD_SHARE, Unit.RATIO, share);
        }
    }

    private void addSpeed(Figures figures, Rounds rounds) {
        Figures.Under into = figures.under(BenchPart.SPEED, condition);
        double cells =
                (double) prompt.length() * session.server().facts().info().layers();
        into.add(END_TO_END, Unit.SECONDS, rounds);
        into.add(FIRST_CELL, Unit.SECONDS, rounds);
        SampleSpread rate = rounds.of(round -> cells / round.get(END_TO_END));
        into.add("tokens x layers", Unit.PER_SECOND, rate);
        if (settings.weights() == BenchSettings.Weights.RANDOM) {
            return;
        }
        into.add(STREAM, Unit.BYTES, rounds);
        double jsonBytes = v2JsonBytes(session.server().ask(prompt).result());
        SampleSpread ratio = rounds.of(round -> round.get(STREAM) / jsonBytes);
        into.add(QuantityNames.STREAM_SHARE, Unit.RATIO, ratio);
    }

    /** The size of the same result as the existing viewer reads it. */
    private static double v2JsonBytes(LensResult result) {
        StringWriter json = new StringWriter();
        try {
            V2Json.write(result, json, Instant.EPOCH);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // in memory: cannot happen
        }
        return json.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private void addEfficiency(Figures figures, Rounds rounds, BareSamples bare) {
        Figures.Under into = figures.under(BenchPart.EFFICIENCY, condition);
        into.add("bare forward pass", Unit.SECONDS, bare.forward(rounds));
        into.add("bare products", Unit.SECONDS, bare.products(rounds));
        into.add(LENS, Unit.SECONDS, rounds);
        into.add(QuantityNames.EFFICIENCY, Unit.RATIO, bare.share(rounds, LENS));
        figures.note("%s: the bare product of all layers was fastest in calls of %s."
                .formatted(condition, bare.bestCut(rounds)));
    }
}
