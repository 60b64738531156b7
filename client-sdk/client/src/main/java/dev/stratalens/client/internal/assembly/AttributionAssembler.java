package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.result.AttributionColumns;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.v1.AttributedLogitsChunk;
import dev.stratalens.v1.AttributionChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Puts the chunks of an attribution together: part by part, each with all positions in order, then the logits. */
final class AttributionAssembler {

    private final List<dev.stratalens.v1.ReadPoint> parts;
    private final int positions;
    private final int targets;
    private final float softcap;
    /** Of each part. */
    private final List<FloatChunks> shares = new ArrayList<>();

    private final FloatChunks biases = new FloatChunks();
    private final FloatChunks logits = new FloatChunks();

    AttributionAssembler(HeaderReader head) {
        this.parts = head.header().getAttributedPartsList();
        this.positions = head.positions().size();
        this.targets = head.header().getTargetsCount();
        this.softcap = head.header().getModel().getLogitSoftcap();
    }

    /** Consecutive values of consecutive positions. */
    private static final class FloatChunks {

        private final List<Float> values = new ArrayList<>();
        private int positions;

        float[] all() {
            float[] all = new float[values.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = values.get(i);
            }
            return all;
        }

        void add(int first, int count, List<Float> more) {
            require(
                    first == positions && count >= 1,
                    "expected an attribution from position index %d, but %d from index %d came",
                    positions,
                    count,
                    first);
            positions += count;
            values.addAll(more);
        }
    }

    void add(AttributionChunk chunk) {
        if (shares.isEmpty() || shares.get(shares.size() - 1).positions == positions) {
            shares.add(new FloatChunks());
        }
        require(
                chunk.getPart() == shares.size() - 1 && chunk.getPart() < parts.size(),
                "expected part %d of the attribution, but %d of %d came",
                shares.size() - 1,
                chunk.getPart(),
                parts.size());
        int logitsOfChunk = chunk.getPositionCount() * targets;
        boolean ofHeads = parts.get(chunk.getPart()).getSite() == dev.stratalens.v1.Site.SITE_ATTENTION_HEADS;
        require(
                ofHeads
                        ? chunk.getSharesCount() >= logitsOfChunk && chunk.getSharesCount() % logitsOfChunk == 0
                        : chunk.getSharesCount() == logitsOfChunk,
                "part %d of the attribution has %d shares for %d logits",
                chunk.getPart(),
                chunk.getSharesCount(),
                logitsOfChunk);
        shares.get(chunk.getPart()).add(chunk.getFirstPosition(), chunk.getPositionCount(), chunk.getSharesList());
    }

    void add(AttributedLogitsChunk chunk) {
        int logitsOfChunk = chunk.getPositionCount() * targets;
        require(
                chunk.getBiasSharesCount() == logitsOfChunk && chunk.getLogitsCount() == logitsOfChunk,
                "%d attributed logits came with %d biases and %d logits",
                logitsOfChunk,
                chunk.getBiasSharesCount(),
                chunk.getLogitsCount());
        biases.add(chunk.getFirstPosition(), chunk.getPositionCount(), chunk.getBiasSharesList());
        logits.add(chunk.getFirstPosition(), chunk.getPositionCount(), chunk.getLogitsList());
    }

    /** All of it; refuses what is not complete. */
    AttributionColumns columns(float largestDifference) {
        require(
                shares.size() == parts.size()
                        && shares.stream().allMatch(each -> each.positions == positions)
                        && logits.positions == positions,
                "the attribution is not complete: %d of %d parts and %d of %d logits came",
                shares.size(),
                parts.size(),
                logits.positions,
                positions);
        var added = new ArrayList<ReadPoint>();
        var ofParts = new ArrayList<float[]>();
        var heads = new TreeMap<Integer, float[]>();
        for (int part = 0; part < parts.size(); part++) {
            dev.stratalens.v1.ReadPoint point = parts.get(part);
            float[] values = shares.get(part).all();
            require(point.getBlock() >= 0, "a part of the attribution is in block %d", point.getBlock());
            switch (point.getSite()) {
                case SITE_ATTENTION_HEADS -> heads.put(point.getBlock(), values);
                case SITE_EMBEDDING -> put(ReadPoint.of(0, Site.EMBEDDING), values, added, ofParts);
                case SITE_ATTENTION_OUTPUT ->
                    put(ReadPoint.of(point.getBlock(), Site.ATTENTION_OUTPUT), values, added, ofParts);
                case SITE_FEED_FORWARD_OUTPUT ->
                    put(ReadPoint.of(point.getBlock(), Site.FEED_FORWARD_OUTPUT), values, added, ofParts);
                default -> throw BrokenStream.error("a part of the attribution is at the site " + point.getSite());
            }
        }
        return new AttributionColumns(added, ofParts, heads, biases.all(), logits.all(), softcap, largestDifference);
    }

    private static void put(ReadPoint point, float[] values, List<ReadPoint> parts, List<float[]> shares) {
        parts.add(point);
        shares.add(values);
    }
}
