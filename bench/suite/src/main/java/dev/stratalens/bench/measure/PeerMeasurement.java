package dev.stratalens.bench.measure;

import dev.stratalens.bench.peer.PeerProcess;
import dev.stratalens.bench.peer.PeerProcess.PeerFailure;
import dev.stratalens.bench.peer.PeerTools;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figure;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.report.QuantityNames;
import dev.stratalens.bench.report.Target;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.bench.server.BenchPrompt;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Other tools on the same prompts, one resident at a time: server and tool take turns. A tool that cannot answer is noted
 * and left out.
 */
final class PeerMeasurement {

    private static final String SERVER = "server";
    private static final String PEER = "peer";
    private static final String MEMORY = "memory";
    private static final String RESULT = "result";

    /** Not a tool that is in use; it shows what is left to gain. */
    private static final String HAND_WRITTEN = "hand-optimized-torch";

    private final Session session;
    private final PeerTools tools;
    private final Map<Integer, Double> leastRatio = new HashMap<>();

    PeerMeasurement(Session session, PeerTools tools) {
        this.session = session;
        this.tools = tools;
    }

    void run(Figures figures) throws IOException {
        for (PeerTools.Tool tool : tools.list()) {
            if (!tool.installed()) {
                figures.note("%s was not measured: %s.".formatted(tool.name(), tool.reason()));
                continue;
            }
            session.progress().show("starting " + tool.name());
            try (PeerProcess peer = tools.start(
                    tool.name(),
                    session.settings().model(),
                    session.server().facts().info().computeType(),
                    Runtime.getRuntime().availableProcessors())) {
                String version = peer.awaitReady();
                figures.note("%s %s gives %s.".formatted(tool.name(), version, tool.outputs()));
                for (int tokens : session.tokens()) {
                    measure(tool.name(), peer, session.prompt(tokens), figures);
                }
            } catch (PeerFailure e) {
                figures.note("%s.".formatted(e.getMessage()));
            }
            figures.endPart();
        }
        session.tokens().stream().filter(leastRatio::containsKey).forEach(tokens -> {
            double ratio = leastRatio.getOrDefault(tokens, 0.0);
            figures.add(
                    Figure.of(
                            BenchPart.PEERS,
                            "fastest other tool / stratalens",
                            PromisedTargets.tokens(tokens),
                            Unit.RATIO,
                            SampleSpread.of(ratio)),
                    Optional.of(Target.atLeast(1)));
        });
        figures.endPart();
    }

    private void measure(String tool, PeerProcess peer, BenchPrompt prompt, Figures figures) {
        String condition = PromisedTargets.tokens(prompt.length());
        Rounds rounds = session.runner().run("%s at %s".formatted(tool, condition), round -> {
            round.put(SERVER, session.server().ask(prompt).seconds());
            PeerProcess.Answer answer = peer.ask(prompt.text(), prompt.tokenIds(), 5);
            round.put(PEER, answer.seconds());
            round.put(MEMORY, answer.peakAnonymousBytes());
            round.put(RESULT, answer.resultBytes());
        });
        Figures.Under into = figures.under(BenchPart.PEERS, condition);
        into.add(tool, Unit.SECONDS, rounds.of(PEER));
        into.add("stratalens in turn with " + tool, Unit.SECONDS, rounds.of(SERVER));
        SampleSpread ratio = rounds.of(round -> round.get(PEER) / round.get(SERVER));
        into.add(QuantityNames.ratioOf(tool), Unit.RATIO, ratio);
        into.add(tool + ", memory", Unit.BYTES, rounds.of(MEMORY));
        into.add(tool + ", result", Unit.BYTES, rounds.of(RESULT));
        if (!tool.equals(HAND_WRITTEN)) {
            leastRatio.merge(prompt.length(), ratio.median(), Math::min);
        }
    }
}
