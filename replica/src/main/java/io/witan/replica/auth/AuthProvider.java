package io.witan.replica.auth;

import io.witan.wire.data.Id;

import java.util.List;

/// An authentication scheme (client-and-disk, section 4.4). Implementations are pure functions of
/// their arguments and of settings fixed at start.
public interface AuthProvider {

    String scheme();

    /// Whether ids of this scheme replace an entry of scheme `auth` in an ACL.
    boolean authenticates();

    /// Whether `id` can stand in an ACL entry of this scheme.
    boolean isValid(String id);

    /// Whether a client with identity `clientId` is meant by the ACL entry `aclId`.
    boolean matches(String clientId, String aclId);

    /// What `whoAmI` shows for an identity.
    String userName(String id);

    /// Judges the data of an auth packet.
    Outcome authenticate(byte[] data);

    /// What came of an auth packet.
    sealed interface Outcome {

        /// The connection gets these identities.
        record Granted(List<Id> ids) implements Outcome {}

        /// The client is told so and the connection is closed.
        record Refused() implements Outcome {}
    }
}
