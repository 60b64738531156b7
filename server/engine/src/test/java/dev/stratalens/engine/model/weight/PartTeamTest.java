package dev.stratalens.engine.model.weight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartTeamTest {

    private final PartTeam team = new PartTeam();

    @AfterEach
    void close() {
        team.close();
    }

    @Test
    void everyPartIsWorkedOnOnceByThreadsOfTheTeam() {
        Set<Integer> parts = ConcurrentHashMap.newKeySet();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        team.forEach(1000, part -> {
            assertEquals(true, parts.add(part));
            threads.add(Thread.currentThread());
        });

        assertEquals(IntStream.range(0, 1000).boxed().collect(Collectors.toSet()), parts);
        threads.forEach(thread -> assertFalse(thread instanceof ForkJoinWorkerThread, thread::getName));
    }

    @Test
    void noPartsAreNoWork() {
        team.forEach(0, part -> {
            throw new IllegalStateException("called");
        });
    }

    @Test
    void whatGoesWrongIsThrownAndTheTeamGoesOn() {
        var error = new OutOfMemoryError("made by the test");
        assertSame(
                error,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> team.forEach(10, part -> {
                            throw error;
                        })));
        Set<Integer> parts = ConcurrentHashMap.newKeySet();
        team.forEach(3, parts::add);

        assertEquals(Set.of(0, 1, 2), parts);
    }
}
