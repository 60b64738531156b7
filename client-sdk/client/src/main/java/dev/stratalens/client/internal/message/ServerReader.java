package dev.stratalens.client.internal.message;

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
        return new ServerInfo(
                response.getServerVersion(),
                response.getApiVersion(),
                response.getLibraryVersion(),
                response.getFeaturesList(),
                response.getSupportedArchitecturesList(),
                limits(response.getLimits()),
                response.getDevicesList().stream().map(ServerReader::device).toList(),
                response.getModelsList());
    }

    private static ServerInfo.Device device(Device device) {
        return new ServerInfo.Device(
                device.getName(),
                device.hasDescription() ? Optional.of(device.getDescription()) : Optional.empty(),
                device.hasMemoryBytes() ? OptionalLong.of(device.getMemoryBytes()) : OptionalLong.empty(),
                device.hasFreeBytes() ? OptionalLong.of(device.getFreeBytes()) : OptionalLong.empty());
    }

    private static ServerLimits limits(Limits limits) {
        return new ServerLimits(
                limits.getMaxTopK(),
                limits.getMaxTargets(),
                limits.getMaxLenses(),
                limits.getMaxRequestIdBytes(),
                limits.getMaxTargetBytes(),
                limits.getMaxRequestMessageBytes(),
                limits.getMaxResponseMessageBytes(),
                limits.hasMaxRequestMemoryBytes()
                        ? OptionalLong.of(limits.getMaxRequestMemoryBytes())
                        : OptionalLong.empty(),
                limits.hasMemoryBudgetBytes() ? OptionalLong.of(limits.getMemoryBudgetBytes()) : OptionalLong.empty(),
                limits.hasQueueCapacity() ? OptionalInt.of(limits.getQueueCapacity()) : OptionalInt.empty(),
                limits.getBatchWindow(),
                limits.hasReaderPatience()
                        ? Optional.of(WireDuration.read(limits.getReaderPatience()))
                        : Optional.empty(),
                limits.hasMaxUnloadWait()
                        ? Optional.of(WireDuration.read(limits.getMaxUnloadWait()))
                        : Optional.empty(),
                limits.getMaxProgressPerSecond(),
                limits.getMaxPageSize());
    }
}
