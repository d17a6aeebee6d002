package io.witan.replica;

import io.witan.replica.auth.Access;
import io.witan.replica.auth.AuthProvider;
import io.witan.replica.metrics.CoreMetrics;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.data.Id;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Answers requests by which clients say who they are (client-and-disk, section 2.10). They are
/// served at once, before older requests of the connection have been answered.
final class Authentication {

    private final Replica replica;
    private final Access access;
    private final CoreMetrics metrics;
    private final List<String> requiredSchemes;

    /// @param requiredSchemes a connection needs an identity of one of these before it is served;
    ///   empty: none needed
    Authentication(
            Replica replica, Access access, CoreMetrics metrics, List<String> requiredSchemes) {
        this.replica = replica;
        this.access = access;
        this.metrics = metrics;
        this.requiredSchemes = requiredSchemes;
    }

    /// Whether the connection has what it needs to be served.
    boolean suffices(ClientConnection c) {
        return requiredSchemes.isEmpty() || hasRequiredIdentity(c);
    }

    private boolean hasRequiredIdentity(ClientConnection c) {
        for (Id id : c.ids) {
            if (id.scheme() != null && requiredSchemes.contains(id.scheme())) {
                return true;
            }
        }
        return false;
    }

    /// @param in stands behind the request header
    void authenticate(ClientConnection c, int xid, JuteReader in) {
        byte[] data;
        String scheme;
        try {
            in.readInt();
            scheme = in.readString();
            data = in.readBuffer();
        } catch (DecodeException undecodable) {
            replica.close(c, "auth request: " + undecodable.getMessage());
            return;
        }
        AuthProvider provider = access.provider(scheme);
        AuthProvider.Outcome outcome =
                provider == null
                        ? new AuthProvider.Outcome.Refused()
                        : provider.authenticate(data == null ? new byte[0] : data);
        switch (outcome) {
            case AuthProvider.Outcome.Granted(List<Id> granted) -> {
                if (c.addIds(granted)) {
                    c.reply(xid, 0, ErrorCode.OK);
                } else {
                    c.reply(xid, 0, ErrorCode.AUTH_FAILED);
                    replica.close(c, "more identities than a connection may have");
                }
            }
            case AuthProvider.Outcome.Refused() -> {
                metrics.authenticationsFailed.increment();
                c.reply(xid, 0, ErrorCode.AUTH_FAILED);
                replica.close(c, "authentication refused, scheme " + printable(scheme));
            }
        }
    }

    /// No SASL login is configured, so there is nothing to answer a token with (client-and-disk,
    /// section 2.10).
    ///
    /// @param in stands behind the request header
    void sasl(ClientConnection c, int xid, JuteReader in) {
        try {
            in.readBuffer();
        } catch (DecodeException undecodable) {
            replica.close(c, "sasl request: " + undecodable.getMessage());
            return;
        }
        int frame = c.beginReply(xid, 0, ErrorCode.OK);
        c.link().output().writeBuffer(null);
        c.endFrame(frame);
    }

    /// What a client sent may end up in a log line; it must stay one line.
    private static String printable(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        String head = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return head.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
