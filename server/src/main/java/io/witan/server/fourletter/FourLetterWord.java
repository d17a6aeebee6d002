package io.witan.server.fourletter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The words, by the four bytes that stand where the length of a first frame would.
public enum FourLetterWord {
    CONF,
    CONS,
    CRST,
    DIRS,
    DUMP,
    ENVI,
    GTMK,
    HASH,
    ISRO,
    MNTR,
    RUOK,
    SRST,
    SRVR,
    STAT,
    STMK,
    WCHC,
    WCHP,
    WCHS;

    /// What `telnet` sends when its user interrupts it (IAC IP IAC DO): the connection is to be
    /// closed without an answer.
    public static final int TELNET_CLOSE = 0xfff4fffd;

    private final String text = name().toLowerCase(Locale.ROOT);
    private final int code = bigEndian(text.getBytes(StandardCharsets.US_ASCII));

    private static int bigEndian(byte[] four) {
        return four[0] << 24 | four[1] << 16 | four[2] << 8 | four[3];
    }

    /// The word, or null if the four bytes are none and so a length.
    public static @Nullable FourLetterWord of(int firstFourBytes) {
        for (var word : values()) {
            if (word.code == firstFourBytes) {
                return word;
            }
        }
        return null;
    }

    /// Bytes that follow the word before it can be answered: `stmk` has a mask.
    public int argumentLength() {
        return this == STMK ? Long.BYTES : 0;
    }

    /// In small letters.
    public String text() {
        return text;
    }

    /// The four bytes as an int.
    public int code() {
        return code;
    }
}
