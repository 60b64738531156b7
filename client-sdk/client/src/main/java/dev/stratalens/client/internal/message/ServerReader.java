package dev.stratalens.client.internal.message;

import dev.stratalens.client.model.ServerDevice;
import dev.stratalens.client.model.ServerInfo;
import dev.stratalens.client.model.ServerLimits;
import dev.stratalens.v1.Device;
import dev.stratalens.v1.GetServerInfoResponse;
import dev.stratalens.v1.Limits;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** From the wire's server to the SDK's. */
public final class ServerReader {

    private ServerReader() {}

    /** A server's description. */
    public static ServerInfo read(GetServerInfoResponse response) {
        return ServerInfo.builder(limits(response.getLimits()))
                .version(response.getServerVersion())
                .apiVersion(response.getApiVersion())
                .libraryVersion(response.getLibraryVersion())
                .features(response.getFeaturesList())
                .supportedArchitectures(response.getSupportedArchitecturesList())
                .devices(response.getDevicesList().stream()
                        .map(ServerReader::device)
                        .toList())
                .models(response.getModelsList())
                .build();
    }

    private static ServerDevice device(Device device) {
        return ServerDevice.builder(device.getName())
                .description(device.hasDescription() ? Optional.of(device.getDescription()) : Optional.empty())
                .memoryBytes(device.hasMemoryBytes() ? OptionalLong.of(device.getMemoryBytes()) : OptionalLong.empty())
                .freeBytes(device.hasFreeBytes() ? OptionalLong.of(device.getFreeBytes()) : OptionalLong.empty())
                .build();
    }

    private static ServerLimits limits(Limits limits) {
        return ServerLimits.builder()
                .topK(limits.getMaxTopK())
                .targets(limits.getMaxTargets())
                .lenses(limits.getMaxLenses())
                .requestIdBytes(limits.getMaxRequestIdBytes())
                .targetBytes(limits.getMaxTargetBytes())
                .requestMessageBytes(limits.getMaxRequestMessageBytes())
                .responseMessageBytes(limits.getMaxResponseMessageBytes())
                .requestMemoryBytes(
                        limits.hasMaxRequestMemoryBytes()
                                ? OptionalLong.of(limits.getMaxRequestMemoryBytes())
                                : OptionalLong.empty())
                .memoryBudgetBytes(
                        limits.hasMemoryBudgetBytes()
                                ? OptionalLong.of(limits.getMemoryBudgetBytes())
                                : OptionalLong.empty())
                .queueCapacity(
                        limits.hasQueueCapacity() ? OptionalInt.of(limits.getQueueCapacity()) : OptionalInt.empty())
                .batchWindow(limits.getBatchWindow())
                .readerPatience(
                        limits.hasReaderPatience()
                                ? Optional.of(WireDuration.read(limits.getReaderPatience()))
                                : Optional.empty())
                .unloadWait(
                        limits.hasMaxUnloadWait()
                                ? Optional.of(WireDuration.read(limits.getMaxUnloadWait()))
                                : Optional.empty())
                .progressPerSecond(limits.getMaxProgressPerSecond())
                .pageSize(limits.getMaxPageSize())
                .interventions(limits.getMaxInterventions())
                .sourcePrompts(limits.getMaxSourcePrompts())
                .metrics(limits.getMaxMetrics())
                .stopTexts(limits.getMaxStopTexts())
                .stopTextBytes(limits.getMaxStopTextBytes())
                .build();
    }
}
