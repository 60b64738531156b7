package dev.stratalens.client.internal.connection;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Servers that a program names one by one. Each host is looked up as one alone would be, and shows the certificate of its own name. A
 * host that is not found does not count as long as another one is. Called in the order of its channel, never at once.
 */
final class AddressList extends NameResolver {

    /** Until a host that was not found is looked up again, though the others suffice. */
    private static final long AGAIN_SECONDS = 30;

    private final List<Host> hosts;

    /** @param addresses {@code HOST:PORT}, 1 or more */
    AddressList(List<String> addresses, Args args) {
        hosts = addresses.stream().map(address -> new Host(address, args)).toList();
    }

    @Override
    public String getServiceAuthority() {
        return hosts.get(0).address;
    }

    @Override
    public void start(Listener2 listener) {
        hosts.forEach(host -> host.start(() -> report(listener)));
    }

    @Override
    public void refresh() {
        hosts.forEach(host -> host.resolver.refresh());
    }

    @Override
    public void shutdown() {
        hosts.forEach(host -> host.resolver.shutdown());
    }

    private void report(Listener2 listener) {
        List<EquivalentAddressGroup> found = hosts.stream().flatMap(Host::found).toList();
        if (!found.isEmpty()) {
            report(listener, StatusOr.fromValue(found));
        } else if (hosts.stream().allMatch(Host::hasFailed)) {
            report(listener, Objects.requireNonNull(hosts.get(0).answer));
        }
    }

    private static void report(Listener2 listener, StatusOr<List<EquivalentAddressGroup>> answer) {
        var unused = listener.onResult2(
                ResolutionResult.newBuilder().setAddressesOrError(answer).build());
    }

    /** One of them, and what is known of it. */
    private static final class Host extends Listener2 {

        private final String address;
        private final Args args;
        private final NameResolver resolver;
        private Runnable whenKnown = () -> {};
        private boolean willAskAgain;
        private @Nullable StatusOr<List<EquivalentAddressGroup>> answer;

        private Host(String address, Args args) {
            this.address = address;
            this.args = args;
            resolver = NameResolverRegistry.getDefaultRegistry()
                    .asFactory()
                    .newNameResolver(AddressListProvider.uri("dns", address), args);
        }

        private void start(Runnable listener) {
            whenKnown = listener;
            resolver.start(this);
        }

        @Override
        public void onResult(ResolutionResult result) {
            know(result.getAddressesOrError());
        }

        @Override
        public void onError(Status failure) {
            know(StatusOr.fromStatus(failure));
        }

        private void know(StatusOr<List<EquivalentAddressGroup>> next) {
            if (!next.hasValue() && !willAskAgain) {
                willAskAgain = true;
                var unused = args.getSynchronizationContext()
                        .schedule(this::askAgain, AGAIN_SECONDS, TimeUnit.SECONDS, args.getScheduledExecutorService());
            }
            // An address that was found stays, as with a name alone.
            if (next.hasValue() || answer == null || !answer.hasValue()) {
                answer = next;
            }
            whenKnown.run();
        }

        private void askAgain() {
            willAskAgain = false;
            resolver.refresh(); // nothing, once it was shut down
        }

        private boolean hasFailed() {
            return answer != null && !answer.hasValue();
        }

        private Stream<EquivalentAddressGroup> found() {
            return answer == null || !answer.hasValue()
                    ? Stream.of()
                    : answer.getValue().stream().map(this::named);
        }

        /** With the name that its certificate must have. */
        private EquivalentAddressGroup named(EquivalentAddressGroup group) {
            return new EquivalentAddressGroup(
                    group.getAddresses(),
                    group.getAttributes().toBuilder()
                            .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, address)
                            .build());
        }
    }
}
