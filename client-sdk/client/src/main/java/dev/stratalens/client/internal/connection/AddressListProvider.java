package dev.stratalens.client.internal.connection;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Tells gRPC how {@link AddressList several addresses} are written as one target. */
final class AddressListProvider extends NameResolverProvider {

    private static final String SCHEME = "stratalens-addresses";
    private static final AddressListProvider ONLY = new AddressListProvider();

    private AddressListProvider() {}

    /** The target that means all of the addresses. */
    static String target(List<String> addresses) {
        NameResolverRegistry.getDefaultRegistry().register(ONLY); // once is enough, and more is no harm
        return uri(SCHEME, String.join(",", addresses)).toString();
    }

    /** Quotes the brackets of addresses of IPv6. */
    static URI uri(String scheme, String path) {
        try {
            return new URI(scheme, "", "/" + path, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return new AddressList(List.of(target.getPath().substring(1).split(",", -1)), args);
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    /** The least: targets without a scheme are not for this one. */
    @Override
    protected int priority() {
        return 0;
    }
}
