package dev.stratalens.engine.model;

import static java.util.Map.entry;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Balance;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The generic block of a family as programs for one device: for each mixer one that runs the block, and others that are compiled
 * when rows inside a block are first read or changed. Not thread-safe; the programs are freed with their owner.
 */
final class BlockPrograms {

    /** The text of mixers that overwrites what derivatives need. */
    private static final String OVERWRITING = "token_recurrence";

    private final Architecture architecture;
    private final Device device;
    private final int queryRows;
    private final OwnedResources owned;
    private final Map<Mixer, TorchProgram> running = new HashMap<>();
    private final Map<Mixer, TorchProgram> reading = new HashMap<>();
    private final Map<Mixer, TorchProgram> changing = new HashMap<>();

    /** @param queryRows largest number of query rows at a time; does not change the result */
    BlockPrograms(Architecture architecture, Device device, int queryRows, OwnedResources owned) {
        this.architecture = architecture;
        this.device = device;
        this.queryRows = queryRows;
        this.owned = owned;
    }

    /** Runs a block with this mixer, and the steps outside of blocks. */
    TorchProgram of(Mixer mixer) {
        return running.computeIfAbsent(
                mixer, some -> owned.compile(device, texts(some, "passed_sites"), constants(some, queryRows)));
    }

    /** Also returns the rows of the sites inside the block. */
    TorchProgram readingSites(Mixer mixer) {
        return reading.computeIfAbsent(mixer, some -> withSites(some, "read_sites", "head_shares"));
    }

    /** Also changes rows inside the block or after it. */
    TorchProgram changingSites(Mixer mixer) {
        return changing.computeIfAbsent(mixer, some -> withSites(some, "changed_sites"));
    }

    /** Has the form that derivatives pass; the caller closes it. */
    TorchProgram differentiable(Mixer mixer) {
        List<String> texts = texts(mixer, "passed_sites");
        texts.replaceAll(text -> text.equals(OVERWRITING) ? OVERWRITING + "_with_gradient" : text);
        texts.add("pullback");
        return TorchProgram.compile(device, texts, constants(mixer, Decoder.QUERY_ROWS), owned.tensors());
    }

    private TorchProgram withSites(Mixer mixer, String... sites) {
        List<String> texts = texts(mixer, sites);
        texts.add("site_rows");
        Map<String, Object> constants = constants(mixer, queryRows);
        constants.put("head_factor", mixer.headFactor());
        return owned.compile(device, texts, constants);
    }

    /** @param sites the texts that say what happens to the rows of sites inside a block */
    private List<String> texts(Mixer mixer, String... sites) {
        var texts = new ArrayList<>(List.of("decoder", architecture.streams().program()));
        texts.addAll(List.of(sites));
        texts.addAll(mixer.programs());
        return texts;
    }

    private Map<String, Object> constants(Mixer mixer, int rows) {
        Router router = architecture.router();
        Balance ofFeedForward = architecture.residual().feedForward();
        var constants = new HashMap<String, Object>(Map.ofEntries(
                entry("norm_kind", architecture.norm().kind().programName()),
                entry("norm_weight_offset", architecture.norm().kind().weightOffset()),
                entry("norm_epsilon", architecture.norm().epsilon()),
                entry("residual", architecture.residual().form().programName()),
                entry("residual_multiplier", architecture.residual().multiplier()),
                entry("embedding_multiplier", architecture.embeddingMultiplier()),
                entry("activation", architecture.activation().programName()),
                entry("gate_limit", architecture.gatedUnit().limit()),
                entry("up_offset", architecture.gatedUnit().offset()),
                entry("unit_gate_factor", architecture.gatedUnit().gateFactor()),
                entry("unit_factor", architecture.gatedUnit().factor()),
                entry("router_scoring", router.scoring().programName()),
                entry("router_normalized", router.normalized()),
                entry("router_scale", router.scale()),
                entry("chosen_experts", (long) router.chosen()),
                entry("expert_groups", (long) router.groups().count()),
                entry("chosen_groups", (long) router.groups().kept()),
                entry("rival_distance", router.rivalDistance()),
                entry("group_ranking", (long) router.groups().ranking()),
                entry("expert_sum_factor", router.sumFactor()),
                entry("weighted_experts", router.weighted().programName()),
                entry("feed_forward_stream_factor", ofFeedForward.stream()),
                entry("feed_forward_factor", ofFeedForward.branch()),
                entry("mixer_stream_factor", Balance.EVEN.stream()),
                entry("mixer_factor", Balance.EVEN.branch()),
                entry("hidden_size", (long) architecture.extents().hidden()),
                entry("head_size", (long) architecture.extents().headSize()),
                entry("query_rows", (long) rows),
                entry("score_limit", (long) Decoder.SCORE_LIMIT),
                entry("scan_tokens", (long) Math.min(rows, Decoder.SCAN_TOKENS))));
        constants.putAll(architecture.streams().constants());
        constants.putAll(mixer.constants());
        return constants;
    }
}
