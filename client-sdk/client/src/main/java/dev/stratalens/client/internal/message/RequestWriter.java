package dev.stratalens.client.internal.message;

import dev.stratalens.client.internal.argument.WholeText;
import dev.stratalens.client.request.Candidates;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.client.request.SweepRequest;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AttributionOptions;
import dev.stratalens.v1.Chat;
import dev.stratalens.v1.ChatMessage;
import dev.stratalens.v1.ContrastCandidates;
import dev.stratalens.v1.GenerateRequest;
import dev.stratalens.v1.GenerationOptions;
import dev.stratalens.v1.GetModelRequest;
import dev.stratalens.v1.LeastLikelyCandidates;
import dev.stratalens.v1.LoadModelRequest;
import dev.stratalens.v1.LogitLens;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.RawLens;
import dev.stratalens.v1.RenderChatRequest;
import dev.stratalens.v1.Sampling;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TokenIds;
import dev.stratalens.v1.TrajectoryOptions;
import dev.stratalens.v1.TransportLens;
import dev.stratalens.v1.UnloadModelRequest;
import dev.stratalens.v1.WordCandidates;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** From the SDK's requests to the wire's. */
public final class RequestWriter {

    private RequestWriter() {}

    /** A request to load a model. */
    public static LoadModelRequest loadModel(String model) {
        LoadModelRequest.Builder wire = LoadModelRequest.newBuilder();
        ifNamed(model, wire::setModel);
        return wire.build();
    }

    /** A request to free a model's memory. */
    public static UnloadModelRequest unloadModel(String model, Duration wait) {
        UnloadModelRequest.Builder wire = UnloadModelRequest.newBuilder().setWait(WireDuration.write(wait));
        ifNamed(model, wire::setModel);
        return wire.build();
    }

    /** A request for a model's facts. */
    public static GetModelRequest getModel(String model) {
        GetModelRequest.Builder wire = GetModelRequest.newBuilder();
        ifNamed(model, wire::setModel);
        return wire.build();
    }

    /** A request for tokens. */
    public static dev.stratalens.v1.TokenizeRequest write(TokenizeRequest request) {
        dev.stratalens.v1.TokenizeRequest.Builder wire = dev.stratalens.v1.TokenizeRequest.newBuilder()
                .setPrompt(prompt(request.prompt(), request.specialTokens()));
        request.model().ifPresent(wire::setModel);
        return wire.build();
    }

    /** A request for a chat's text. */
    public static RenderChatRequest renderChat(String model, Prompt.Chat chat) {
        RenderChatRequest.Builder wire = RenderChatRequest.newBuilder().setChat(chat(chat));
        ifNamed(model, wire::setModel);
        return wire.build();
    }

    /** A lens request. */
    public static AnalyzeRequest write(LensRequest request) {
        AnalyzeRequest.Builder wire = AnalyzeRequest.newBuilder()
                .setPrompt(prompt(request.prompt(), request.specialTokens()))
                .setTopK(request.topK())
                .setNumberForm(write(request.numberForm()))
                .setRequestId(request.requestId());
        request.model().ifPresent(wire::setModel);
        request.lenses().forEach(lens -> wire.addLenses(write(lens)));
        request.layers().forEach(range -> wire.addLayers(write(range)));
        request.sites().forEach(site -> wire.addSites(write(site)));
        request.positions().forEach(range -> wire.addPositions(write(range)));
        request.targets().forEach(target -> wire.addTargets(write(target)));
        request.statistics().forEach(statistic -> wire.addStatisticsValue(statistic.number()));
        wire.setAllSites(request.allSites()).setAlone(request.alone());
        candidates(request).ifPresent(wire::setCandidates);
        if (request.attributed()) {
            wire.setAttribution(AttributionOptions.getDefaultInstance());
        }
        var interventions = new InterventionWriter(request.specialTokens());
        request.interventions().forEach(each -> wire.addInterventions(interventions.write(each)));
        if (request.asksForEffect()) {
            wire.getEffectBuilder().setWithUnchangedResult(request.unchangedToo());
            request.metrics().forEach(metric -> wire.getEffectBuilder().addMetrics(InterventionWriter.write(metric)));
        }
        if (request.trajectories().wanted()) {
            TrajectoryOptions.Builder options = wire.getTrajectoriesBuilder();
            if (request.trajectories().minimumPeak() > 0) {
                options.setMinPeakProbability((float) request.trajectories().minimumPeak());
            }
        }
        return wire.build();
    }

    /** A request to generate. */
    public static GenerateRequest write(LensRequest request, GenerateOptions options) {
        GenerationOptions.Builder wire = GenerationOptions.newBuilder()
                .addAllStopTexts(options.stopTexts())
                .setIgnoreEndTokens(options.ignoreEndTokens());
        options.maxTokens().ifPresent(wire::setMaxTokens);
        if (!options.forced().isEmpty()) {
            wire.setForced(TokenIds.newBuilder().addAllIds(options.forced()));
        }
        options.sampling().ifPresent(sampling -> {
            Sampling.Builder draws = wire.getSamplingBuilder()
                    .setTemperature((float) sampling.temperature())
                    .setTopP((float) sampling.topP());
            sampling.topK().ifPresent(draws::setTopK);
            sampling.seed().ifPresent(draws::setSeed);
        });
        return GenerateRequest.newBuilder()
                .setRequest(write(request))
                .setOptions(wire)
                .build();
    }

    /** Which tokens are the predictions of a request's cells; empty for the most likely ones. */
    public static Optional<dev.stratalens.v1.Candidates> candidates(LensRequest request) {
        Candidates rule = request.candidates();
        if (rule.areMostLikely()) {
            return Optional.empty();
        }
        dev.stratalens.v1.Candidates.Builder wire = dev.stratalens.v1.Candidates.newBuilder();
        if (rule.equals(Candidates.words())) {
            wire.setWords(WordCandidates.getDefaultInstance());
        } else if (rule.equals(Candidates.leastLikely())) {
            wire.setLeastLikely(LeastLikelyCandidates.getDefaultInstance());
        } else {
            ContrastCandidates.Builder contrast = wire.getContrastBuilder();
            rule.block().ifPresent(contrast::setBlock);
            rule.lens()
                    .ifPresent(
                            lens -> contrast.setLens(request.effectiveLenses().indexOf(lens)));
        }
        return Optional.of(wire.build());
    }

    /** A sweep. */
    public static dev.stratalens.v1.SweepRequest write(SweepRequest request) {
        dev.stratalens.v1.SweepRequest.Builder wire = dev.stratalens.v1.SweepRequest.newBuilder()
                .setPrompt(prompt(request.prompt(), request.specialTokens()))
                .setIntervention(new InterventionWriter(request.specialTokens()).write(request.intervention()))
                .setMetric(InterventionWriter.write(request.metric()))
                .setByHead(request.eachHead())
                .setRequestId(request.requestId());
        request.model().ifPresent(wire::setModel);
        return wire.build();
    }

    private static void ifNamed(String model, Consumer<String> set) {
        if (!WholeText.require("model", model).isEmpty()) {
            set.accept(model);
        }
    }

    static dev.stratalens.v1.Prompt prompt(Prompt prompt, SpecialTokens specialTokens) {
        dev.stratalens.v1.Prompt.Builder wire = dev.stratalens.v1.Prompt.newBuilder();
        if (prompt instanceof Prompt.Text text) {
            wire.setText(text.text()).setOmitSpecialTokens(specialTokens == SpecialTokens.NONE);
        } else if (prompt instanceof Prompt.TokenIds ids) {
            wire.setTokenIds(TokenIds.newBuilder().addAllIds(ids.ids()));
        } else if (prompt instanceof Prompt.Chat chat) {
            wire.setChat(chat(chat));
        }
        return wire.build();
    }

    private static Chat chat(Prompt.Chat chat) {
        Chat.Builder wire = Chat.newBuilder().setOmitGenerationPrompt(!chat.generationPrompt());
        chat.messages()
                .forEach(message -> wire.addMessages(
                        ChatMessage.newBuilder().setRole(message.role()).setContent(message.content())));
        if (!chat.templateArguments().isEmpty()) {
            wire.setTemplateArguments(StructWriter.struct(chat.templateArguments()));
        }
        return wire.build();
    }

    static dev.stratalens.v1.IndexRange write(IndexRange range) {
        return dev.stratalens.v1.IndexRange.newBuilder()
                .setFirst(range.from())
                .setLast(range.to())
                .setStride(range.stride())
                .build();
    }

    /** A lens. */
    public static dev.stratalens.v1.Lens write(Lens lens) {
        dev.stratalens.v1.Lens.Builder wire = dev.stratalens.v1.Lens.newBuilder();
        if (lens.map().isPresent()) {
            wire.setTransport(TransportLens.newBuilder().setName(lens.map().get()));
        } else if (lens.skipsFinalNorm()) {
            wire.setRaw(RawLens.getDefaultInstance());
        } else {
            wire.setLogit(LogitLens.getDefaultInstance());
        }
        return wire.build();
    }

    /** A site. */
    public static dev.stratalens.v1.Site write(Site site) {
        return switch (site) {
            case EMBEDDING -> dev.stratalens.v1.Site.SITE_EMBEDDING;
            case ATTENTION_OUTPUT -> dev.stratalens.v1.Site.SITE_ATTENTION_OUTPUT;
            case ATTENTION_RESIDUAL -> dev.stratalens.v1.Site.SITE_ATTENTION_RESIDUAL;
            case FEED_FORWARD_OUTPUT -> dev.stratalens.v1.Site.SITE_FEED_FORWARD_OUTPUT;
            case BLOCK_OUTPUT -> dev.stratalens.v1.Site.SITE_BLOCK_OUTPUT;
        };
    }

    /** How numbers travel. */
    public static dev.stratalens.v1.NumberForm write(NumberForm form) {
        return switch (form) {
            case COMPACT -> dev.stratalens.v1.NumberForm.NUMBER_FORM_COMPACT;
            case EXACT -> dev.stratalens.v1.NumberForm.NUMBER_FORM_FLOAT32;
        };
    }

    /** A target. */
    public static Target write(LensTarget target) {
        Target.Builder wire = Target.newBuilder();
        if (target instanceof LensTarget.NextToken) {
            wire.setPositionTarget(PositionTarget.POSITION_TARGET_NEXT_TOKEN);
        } else if (target instanceof LensTarget.FinalTop) {
            wire.setPositionTarget(PositionTarget.POSITION_TARGET_FINAL_TOP);
        } else if (target instanceof LensTarget.Text text) {
            wire.setText(text.text());
        } else if (target instanceof LensTarget.TokenId token) {
            wire.setId(token.id());
        }
        return wire.build();
    }
}
