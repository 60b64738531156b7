package dev.stratalens.server.grpc;

import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.lens.generation.GenerationPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.server.access.Right;
import dev.stratalens.server.grpc.access.CallerModels;
import dev.stratalens.server.grpc.access.CurrentCaller;
import dev.stratalens.server.grpc.message.DurationMessages;
import dev.stratalens.server.grpc.message.ModelPages;
import dev.stratalens.server.grpc.request.RequestParser;
import dev.stratalens.server.grpc.request.TargetParser;
import dev.stratalens.server.grpc.stream.ProgressThrottle;
import dev.stratalens.server.models.MachineMemory;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.v1.Device;
import dev.stratalens.v1.GetServerInfoRequest;
import dev.stratalens.v1.GetServerInfoResponse;
import dev.stratalens.v1.Limits;
import dev.stratalens.v1.ServerServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The server itself: what it is, what it can do, and every limit that a caller may meet. */
public final class ServerGrpcService extends ServerServiceGrpc.ServerServiceImplBase {

    private static final String API_VERSION = "stratalens.v1";
    /** What gRPC clients accept unless they say otherwise; messages are cut far below. */
    private static final int MAX_RESPONSE_MESSAGE_BYTES = 4 << 20;

    private static final List<String> FEATURES = List.of(
            "attribution",
            "batch",
            "batch.cancel",
            "batch.defaults",
            "candidates",
            "generate",
            "lens.logit",
            "lens.raw",
            "lens.transport",
            "site.attention-output",
            "site.attention-residual",
            "site.feed-forward-output");
    private static final String MANAGEMENT = "models.manage";
    private static final String CHAT = "prompt.chat";
    private static final List<String> INTERVENTIONS = List.of("intervention", "sweep");

    private final ModelRegistry registry;
    private final ServerFacts facts;
    private final GrantedLimits granted;
    private final int maxRequestMessageBytes;
    private final ModelManagement management;

    /** @param maxRequestMessageBytes bytes of a message from a client */
    public ServerGrpcService(
            ModelRegistry registry,
            ServerFacts facts,
            GrantedLimits granted,
            int maxRequestMessageBytes,
            ModelManagement management) {
        this.registry = registry;
        this.facts = facts;
        this.granted = granted;
        this.maxRequestMessageBytes = maxRequestMessageBytes;
        this.management = management;
    }

    @Override
    public void getServerInfo(GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> observer) {
        GetServerInfoResponse.Builder response = GetServerInfoResponse.newBuilder()
                .setServerVersion(facts.version())
                .setApiVersion(API_VERSION)
                .addAllFeatures(features())
                .addAllSupportedArchitectures(facts.supportedArchitectures())
                .setLibraryVersion(registry.libraryVersion())
                .setLimits(limits())
                .addDevices(processor());
        registry.cards().forEach(card -> response.addDevices(card(card)));
        CallerModels.current(registry).all().stream().map(NamedModel::name).forEach(response::addModels);
        observer.onNext(response.build());
        observer.onCompleted();
    }

    private List<String> features() {
        Set<Right> rights = CurrentCaller.get().grant().rights();
        List<String> features = new ArrayList<>(FEATURES);
        features.add(CHAT);
        if (management == ModelManagement.ALLOWED && rights.contains(Right.MANAGE)) {
            features.add(MANAGEMENT);
        }
        if (rights.contains(Right.INTERVENE)) {
            features.addAll(INTERVENTIONS);
        }
        return features.stream().sorted().toList();
    }

    private Limits limits() {
        Limits.Builder limits = Limits.newBuilder()
                .setMaxTopK(LensPlanner.MAX_TOP_K)
                .setDefaultTopK(LensPlanner.DEFAULT_TOP_K)
                .setMaxTargets(LensPlanner.MAX_TARGETS)
                .setMaxTargetBytes(TargetParser.MAX_TEXT_BYTES)
                .setMaxLenses(RequestParser.MAX_LENSES)
                .setMaxRequestIdBytes(RequestParser.MAX_REQUEST_ID_BYTES)
                .setMaxRequestMessageBytes(maxRequestMessageBytes)
                .setMaxResponseMessageBytes(MAX_RESPONSE_MESSAGE_BYTES)
                .setMaxRequestMemoryBytes(granted.maxRequestBytes())
                .setQueueCapacity(granted.queueCapacity())
                .setBatchWindow(granted.batchWindow())
                .setReaderPatience(DurationMessages.message(granted.slowReaderTimeout()))
                .setMaxUnloadWait(DurationMessages.message(RequestParser.MAX_UNLOAD_WAIT))
                .setMaxProgressPerSecond(ProgressThrottle.PER_SECOND)
                .setMaxPageSize(ModelPages.MAX_SIZE)
                .setMaxInterventions(LensPlanner.MAX_INTERVENTIONS)
                .setMaxSourcePrompts(LensPlanner.MAX_SOURCES)
                .setMaxMetrics(LensPlanner.MAX_METRICS)
                .setMaxStopTexts(GenerationPlan.MAX_STOP_TEXTS)
                .setMaxStopTextBytes(GenerationPlan.MAX_STOP_TEXT_BYTES);
        if (granted.memoryBudgetBytes() != ModelRegistry.UNBOUNDED) {
            limits.setMemoryBudgetBytes(granted.memoryBudgetBytes());
        }
        return limits.build();
    }

    private Device card(HostDevice card) {
        return Device.newBuilder()
                .setName(card.device().name())
                .setDescription(card.description())
                .setMemoryBytes(card.totalBytes())
                .setFreeBytes(card.freeBytes())
                .setReservedBytes(registry.bytesOn(card.device()))
                .build();
    }

    private Device processor() {
        return Device.newBuilder()
                .setName(dev.stratalens.engine.tensor.Device.CPU.name())
                .setDescription("%s, %d threads"
                        .formatted(
                                System.getProperty("os.arch"),
                                Runtime.getRuntime().availableProcessors()))
                .setMemoryBytes(MachineMemory.bytes())
                .setFreeBytes(MachineMemory.freeBytes())
                .setReservedBytes(registry.memoryBytes())
                .build();
    }
}
