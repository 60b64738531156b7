package dev.stratalens.client.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.result.Attribution;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.v1.AttributedLogitsChunk;
import dev.stratalens.v1.AttributionChunk;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An attribution at the end of a stream: whole in any chunks, and refused with a piece missing. */
class AttributionStreamTest {

    private static final LensTarget TARGET = LensTarget.id(5);
    private static final LensRequest REQUEST =
            LensRequest.of("a prompt").target(TARGET).withAttribution().build();
    private static final int HEADS = 2;
    private static final List<dev.stratalens.v1.Site> PARTS = List.of(
            dev.stratalens.v1.Site.SITE_EMBEDDING,
            dev.stratalens.v1.Site.SITE_ATTENTION_HEADS,
            dev.stratalens.v1.Site.SITE_ATTENTION_OUTPUT,
            dev.stratalens.v1.Site.SITE_FEED_FORWARD_OUTPUT);

    /** Value of a part at a position, of head h. */
    private static float share(int part, int position, int head) {
        return 100 * part + 10 * position + head;
    }

    /** The events of a run, with an attribution in two chunks a part. */
    private static List<Event> events() {
        List<Event> events = new ArrayList<>(FakeRun.of(11, REQUEST).events());
        LensHeader.Builder header = events.get(0).getHeader().toBuilder();
        PARTS.forEach(site -> header.addAttributedPartsBuilder().setSite(site));
        events.set(0, Event.newBuilder().setHeader(header).build());
        Event summary = events.remove(events.size() - 1);
        int positions = header.getPositionCount();
        for (int part = 0; part < PARTS.size(); part++) {
            int heads = PARTS.get(part) == dev.stratalens.v1.Site.SITE_ATTENTION_HEADS ? HEADS : 1;
            events.add(chunk(part, 0, 2, heads));
            events.add(chunk(part, 2, positions - 2, heads));
        }
        AttributedLogitsChunk.Builder logits =
                AttributedLogitsChunk.newBuilder().setPositionCount(positions);
        for (int position = 0; position < positions; position++) {
            logits.addBiasShares(-position).addLogits(position == 1 ? Float.NaN : 2 * position);
        }
        events.add(Event.newBuilder().setAttributedLogitsChunk(logits).build());
        events.add(summary.toBuilder()
                .setSummary(summary.getSummary().toBuilder().setLargestAttributionDifference(0.25f))
                .build());
        return events;
    }

    private static Event chunk(int part, int first, int count, int heads) {
        AttributionChunk.Builder chunk = AttributionChunk.newBuilder()
                .setPart(part)
                .setFirstPosition(first)
                .setPositionCount(count);
        for (int position = first; position < first + count; position++) {
            for (int head = 0; head < heads; head++) {
                chunk.addShares(share(part, position, head));
            }
        }
        return Event.newBuilder().setAttributionChunk(chunk).build();
    }

    private static LensResult read(LensRequest request, List<Event> events) {
        ResultAssembler assembler = new ResultAssembler(request);
        events.forEach(assembler::add);
        return assembler.finish();
    }

    @Test
    void everyShareIsWhereItBelongs() {
        LensResult result = read(REQUEST, events());
        Attribution attribution = result.attribution().orElseThrow();
        int index = 3;
        int position = result.positions().get(index);

        assertEquals(
                List.of(
                        ReadPoint.of(0, Site.EMBEDDING),
                        ReadPoint.of(0, Site.ATTENTION_OUTPUT),
                        ReadPoint.of(0, Site.FEED_FORWARD_OUTPUT)),
                attribution.parts());
        assertEquals(
                share(3, index, 0),
                attribution
                        .share(ReadPoint.of(0, Site.FEED_FORWARD_OUTPUT), TARGET, position)
                        .orElseThrow());
        assertEquals(HEADS, attribution.heads(0));
        assertEquals(0, attribution.heads(1));
        assertEquals(
                share(1, index, 1),
                attribution.headShare(0, 1, TARGET, position).orElseThrow());
        assertEquals(-index, attribution.biasShare(TARGET, position).orElseThrow());
        assertEquals(2 * index, attribution.logit(TARGET, position).orElseThrow());
        assertTrue(attribution.logit(TARGET, result.positions().get(1)).isEmpty());
        assertEquals(0.25, attribution.largestDifference());
        assertEquals(result, read(REQUEST, events()));
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("the attribution is not complete", events -> events.removeIf(Event::hasAttributionChunk)),
                damage("the attribution is not complete", events -> events.removeIf(Event::hasAttributedLogitsChunk)),
                damage("expected part 0 of the attribution, but 1", events -> {
                    Event first = events.stream()
                            .filter(Event::hasAttributionChunk)
                            .findFirst()
                            .orElseThrow();
                    int at = events.indexOf(first);
                    events.remove(at);
                    events.remove(at);
                }),
                damage("expected an attribution from position index 2", events -> {
                    Event first = events.stream()
                            .filter(Event::hasAttributionChunk)
                            .findFirst()
                            .orElseThrow();
                    events.add(events.indexOf(first), first);
                }),
                damage("has 1 shares for 2 logits", events -> {
                    Event first = events.stream()
                            .filter(Event::hasAttributionChunk)
                            .findFirst()
                            .orElseThrow();
                    AttributionChunk.Builder chunk = first.getAttributionChunk().toBuilder();
                    chunk.clearShares().addShares(1);
                    events.set(
                            events.indexOf(first),
                            Event.newBuilder().setAttributionChunk(chunk).build());
                }),
                damage("attribution: asked for true, the header says false", events -> {
                    LensHeader.Builder header =
                            events.get(0).getHeader().toBuilder().clearAttributedParts();
                    events.set(0, Event.newBuilder().setHeader(header).build());
                }));
    }

    private static Arguments damage(String expectedWords, Consumer<List<Event>> damage) {
        return Arguments.of(expectedWords, damage);
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aDamagedAttributionIsRefused(String expectedWords, Consumer<List<Event>> damage) {
        List<Event> events = events();
        damage.accept(events);

        var error = assertThrows(LensException.class, () -> read(REQUEST, events));
        assertEquals(ErrorCode.BROKEN_STREAM, error.code());
        assertTrue(String.valueOf(error.getMessage()).contains(expectedWords), error.getMessage());
    }
}
