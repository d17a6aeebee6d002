package io.witan.wire.client;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;

/// A session's password: a function of its id alone, so that each server of an ensemble can check
/// it by itself (client-and-disk, section 2.6). It keeps honest clients apart, no more than that.
public final class SessionPassword {

    public static final int BYTES = 16;

    private static final long SALT = 0xB3415C00L;
    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long INCREMENT = 0xBL;
    private static final long MASK = (1L << 48) - 1;

    private SessionPassword() {}

    public static byte[] of(long sessionId) {
        byte[] password = new byte[BYTES];
        long state = ((sessionId ^ SALT) ^ MULTIPLIER) & MASK;
        for (int i = 0; i < BYTES; i += 4) {
            state = (state * MULTIPLIER + INCREMENT) & MASK;
            int word = (int) (state >>> 16);
            password[i] = (byte) word;
            password[i + 1] = (byte) (word >>> 8);
            password[i + 2] = (byte) (word >>> 16);
            password[i + 3] = (byte) (word >>> 24);
        }
        return password;
    }

    /// Whether `password` opens the session. Session 0 has none.
    public static boolean matches(long sessionId, byte @Nullable [] password) {
        return sessionId != 0 && password != null && MessageDigest.isEqual(of(sessionId), password);
    }
}
