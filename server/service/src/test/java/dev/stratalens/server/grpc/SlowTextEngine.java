package dev.stratalens.server.grpc;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.ChatTemplate;
import dev.stratalens.engine.text.TokenSpelling;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.engine.text.VocabularyEntry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine whose tokenizer takes for "slow" as long as the test wants. */
final class SlowTextEngine implements LensEngine, Tokenizer {

    static final String SLOW = "slow";

    final AtomicInteger begun = new AtomicInteger();
    /** Names of the threads that read texts, in order. */
    final List<String> readers = new CopyOnWriteArrayList<>();

    final CountDownLatch mayEnd = new CountDownLatch(1);
    private final FakeLensEngine engine;
    private final FakeTokenizer tokenizer = new FakeTokenizer();

    SlowTextEngine(String name) {
        engine = FakeLensEngine.named(name);
    }

    @Override
    public TokenizedText encode(String text, boolean addSpecialTokens) {
        readers.add(Thread.currentThread().getName());
        if (text.equals(SLOW)) {
            begun.incrementAndGet();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return tokenizer.encode(text, addSpecialTokens);
    }

    @Override
    public ModelDescription description() {
        return engine.description();
    }

    @Override
    public Tokenizer tokenizer() {
        return this;
    }

    @Override
    public long memoryNeed(LensPlan plan) {
        return engine.memoryNeed(plan);
    }

    @Override
    public void run(List<WantedPlan> plans, Interlude interlude) {
        engine.run(plans, interlude);
    }

    @Override
    public OptionalInt lookup(String text) {
        return tokenizer.lookup(text);
    }

    @Override
    public VocabularyEntry entry(int id) {
        return tokenizer.entry(id);
    }

    /** So long that every text is read. */
    @Override
    public int longestToken() {
        return Integer.MAX_VALUE;
    }

    @Override
    public TokenSpelling spelling() {
        return tokenizer.spelling();
    }

    @Override
    public Optional<ChatTemplate> chatTemplate() {
        return tokenizer.chatTemplate();
    }

    @Override
    public void close() {
        engine.close();
    }
}
