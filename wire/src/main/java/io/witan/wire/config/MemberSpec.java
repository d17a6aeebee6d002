package io.witan.wire.config;

import static io.witan.wire.config.ConfigTextException.quoted;

import io.witan.wire.config.Member.Role;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads how a configuration describes one server (quorum, section 1.2):
///
/// ```
/// server.<sid>=<address>[|<address>...][;[<client host>:]<client port>]
/// <address>   =<host>:<quorum port>:<election port>[:participant|:observer]
/// ```
///
/// A third part behind another `;`, which releases after 3.9 may write, is refused, as 3.9 does.
public final class MemberSpec {

    private static final String PREFIX = "server.";
    private static final String ALL_ADDRESSES = "0.0.0.0";

    private MemberSpec() {}

    /// A whole line, `server.<sid>=<spec>`, as a reconfiguration names who joins.
    public static Member parseLine(String line) throws ConfigTextException {
        int equals = line.indexOf('=');
        if (!line.startsWith(PREFIX) || equals < 0) {
            throw new ConfigTextException(quoted(line) + " is not server.<number>=<addresses>");
        }
        long sid = Syntax.sid(line.substring(PREFIX.length(), equals).trim(), line);
        return parse(sid, line.substring(equals + 1).trim());
    }

    /// What stands behind `server.<sid>=`.
    public static Member parse(long sid, String spec) throws ConfigTextException {
        String[] parts = spec.split(";", -1);
        if (parts.length > 2) {
            throw new ConfigTextException("server " + sid + ": more than one ; in " + quoted(spec));
        }
        List<Address> addresses = new ArrayList<>();
        Role role = null;
        for (String text : parts[0].split("\\|", -1)) {
            List<String> fields = Syntax.partsOf(text);
            Address address = address(sid, fields, text);
            if (addresses.contains(address)) {
                throw new ConfigTextException(
                        "server " + sid + ": the address " + quoted(text) + " stands twice");
            }
            addresses.add(address);
            if (fields.size() == 4) {
                Role stated = role(sid, fields.get(3), text);
                if (role != null && role != stated) {
                    throw new ConfigTextException(
                            "server " + sid + ": two roles in " + quoted(spec));
                }
                role = stated;
            }
        }
        return new Member(
                sid,
                addresses,
                role == null ? Role.PARTICIPANT : role,
                parts.length < 2 ? null : clientAddress(sid, parts[1]));
    }

    private static Address address(long sid, List<String> fields, String text)
            throws ConfigTextException {
        if (fields.size() != 3 && fields.size() != 4) {
            throw new ConfigTextException(
                    "server "
                            + sid
                            + ": "
                            + quoted(text)
                            + " is not host:quorumPort:electionPort[:role]");
        }
        Address address =
                new Address(
                        Syntax.host(fields.get(0), text),
                        Syntax.port(fields.get(1), "quorum port", text),
                        Syntax.port(fields.get(2), "election port", text));
        if (address.quorumPort() == address.electionPort()) {
            throw new ConfigTextException(
                    "server "
                            + sid
                            + ": quorum port and election port are the same in "
                            + quoted(text));
        }
        return address;
    }

    private static Role role(long sid, String role, String text) throws ConfigTextException {
        return switch (role.toLowerCase(Locale.ROOT)) {
            case "participant" -> Role.PARTICIPANT;
            case "observer" -> Role.OBSERVER;
            default ->
                    throw new ConfigTextException(
                            "server "
                                    + sid
                                    + ": the role "
                                    + quoted(role)
                                    + " in "
                                    + quoted(text)
                                    + " is neither participant nor observer");
        };
    }

    private static @Nullable String clientAddress(long sid, String text)
            throws ConfigTextException {
        List<String> parts = Syntax.partsOf(text);
        if (parts.size() > 2) {
            throw new ConfigTextException(
                    "server " + sid + ": " + quoted(text) + " is not [host:]port for clients");
        }
        String host = parts.size() == 2 ? Syntax.host(parts.get(0), text) : ALL_ADDRESSES;
        int port = Syntax.port(parts.get(parts.size() - 1), "client port", text);
        return new HostPort(host, port).toString();
    }
}
