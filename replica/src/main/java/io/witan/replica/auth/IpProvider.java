package io.witan.replica.auth;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Scheme `ip`: each connection has its address as an identity from the start; an ACL names an
/// address or a prefix of addresses.
public final class IpProvider implements AuthProvider {

    /// The scheme has no settings.
    public IpProvider() {}

    @Override
    public String scheme() {
        return "ip";
    }

    @Override
    public boolean authenticates() {
        return false;
    }

    @Override
    public boolean isValid(String id) {
        return Prefix.parse(id) != null;
    }

    @Override
    public boolean matches(String clientId, String aclId) {
        byte[] client = IpAddressText.parse(clientId);
        Prefix prefix = Prefix.parse(aclId);
        return client != null && prefix != null && prefix.contains(client);
    }

    @Override
    public String userName(String id) {
        return id;
    }

    /// An auth packet adds nothing that the connection does not have already.
    @Override
    public Outcome authenticate(byte[] data) {
        return new Outcome.Granted(List.of());
    }

    /// An address and how many of its leading bits count.
    private record Prefix(byte[] address, int bits) {

        static @Nullable Prefix parse(String text) {
            int slash = text.indexOf('/');
            byte[] address = IpAddressText.parse(slash < 0 ? text : text.substring(0, slash));
            if (address == null) {
                return null;
            }
            int bitsMax = address.length * 8;
            if (slash < 0) {
                return new Prefix(address, bitsMax);
            }
            int bits = IpAddressText.decimal(text.substring(slash + 1), bitsMax);
            return bits < 0 ? null : new Prefix(address, bits);
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (other[i] != address[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            if (rest == 0) {
                return true;
            }
            int mask = 0xff << (8 - rest) & 0xff;
            return (other[whole] & mask) == (address[whole] & mask);
        }
    }
}
