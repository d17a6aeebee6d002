package io.witan.replica.auth;

import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/// Scheme `digest`: user and password in the auth packet, user and hash in the ACL. An auth packet
/// of this scheme never fails; a wrong password just gives an identity that no ACL names.
public final class DigestProvider implements AuthProvider {

    private final String algorithm;
    private final @Nullable String superDigest;

    /// @param algorithm a name that [MessageDigest] knows
    /// @param superDigest `user:hash` of the super user, or null if there is none
    /// @throws IllegalArgumentException if this runtime does not know the algorithm
    public DigestProvider(String algorithm, @Nullable String superDigest) {
        this.algorithm = algorithm;
        this.superDigest = superDigest;
        newMessageDigest();
    }

    @Override
    public String scheme() {
        return "digest";
    }

    @Override
    public boolean authenticates() {
        return true;
    }

    /// Splits at `:` into exactly two parts, where empty parts at the end do not count.
    @Override
    public boolean isValid(String id) {
        int end = id.length();
        while (end > 0 && id.charAt(end - 1) == ':') {
            end--;
        }
        int colon = id.indexOf(':');
        return colon >= 0 && colon < end && id.substring(0, end).indexOf(':', colon + 1) < 0;
    }

    @Override
    public boolean matches(String clientId, String aclId) {
        return clientId.equals(aclId);
    }

    @Override
    public String userName(String id) {
        int colon = id.indexOf(':');
        return colon < 0 ? id : id.substring(0, colon);
    }

    @Override
    public Outcome authenticate(byte[] data) {
        String id = idOf(data);
        Id digest = new Id(scheme(), id);
        if (superDigest != null && isEqualInConstantTime(id, superDigest)) {
            return new Outcome.Granted(List.of(new Id(Access.SUPER, ""), digest));
        }
        return new Outcome.Granted(List.of(digest));
    }

    /// The identity that the auth data `user:password` stands for.
    public String idOf(byte[] authData) {
        String text = new String(authData, StandardCharsets.UTF_8);
        String hash =
                Base64.getEncoder()
                        .encodeToString(
                                newMessageDigest().digest(text.getBytes(StandardCharsets.UTF_8)));
        return userName(text) + ":" + hash;
    }

    private static boolean isEqualInConstantTime(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private MessageDigest newMessageDigest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException unknown) {
            throw new IllegalArgumentException(
                    "zookeeper.DigestAuthenticationProvider.digestAlg = "
                            + algorithm
                            + ": this Java has no such digest; use SHA1, SHA-256 or SHA-512",
                    unknown);
        }
    }
}
