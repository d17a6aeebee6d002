package io.witan.wire.client;

/// Which paths a znode may have (client-and-disk, section 3.4).
///
/// The original judges the UTF-16 text that it decodes from the request; these rules judge the
/// UTF-8 bytes as they came and reach the same verdict without decoding. That is possible because
/// every byte sequence the original's decoder changes is one that it then refuses: malformed bytes
/// (overlong forms and encoded surrogates too) turn into U+FFFD, which is in the forbidden range
/// U+FFF0 to U+FFFF, and a well-formed sequence of four bytes turns into two forbidden surrogates.
///
/// ```
/// forbidden code points     as bytes
/// U+0000 .. U+001F          00 .. 1F
/// U+007F .. U+009F          7F, C2 80 .. C2 9F
/// U+D800 .. U+F8FF          ED A0 .. (malformed), EE .., EF 80 .. EF A3
/// U+FFF0 .. U+FFFF          EF BF B0 .. EF BF BF
/// ```
public final class PathRules {

    private PathRules() {}

    public static boolean isValid(byte[] path) {
        return isValid(path, 0, path.length);
    }

    /// Whether `bytes[offset .. offset + length)` is a valid path: absolute, no empty, `.` or `..`
    /// component, no `/` at the end unless it is the root, no forbidden character.
    public static boolean isValid(byte[] bytes, int offset, int length) {
        if (length == 0 || bytes[offset] != '/') {
            return false;
        }
        int end = offset + length;
        int componentStart = offset + 1;
        int i = componentStart;
        while (i < end) {
            int b = bytes[i];
            if (b == '/') {
                if (isForbiddenComponent(bytes, componentStart, i)) {
                    return false;
                }
                componentStart = ++i;
            } else if (b >= 0x20 && b < 0x7F) {
                i++;
            } else {
                int characterBytes = permittedCharacterBytes(bytes, i, end);
                if (characterBytes == 0) {
                    return false;
                }
                i += characterBytes;
            }
        }
        return length == 1 || !isForbiddenComponent(bytes, componentStart, end);
    }

    private static boolean isForbiddenComponent(byte[] bytes, int start, int end) {
        return switch (end - start) {
            case 0 -> true;
            case 1 -> bytes[start] == '.';
            case 2 -> bytes[start] == '.' && bytes[start + 1] == '.';
            default -> false;
        };
    }

    /// Length of the character beyond ASCII that starts at `i`, or 0 if it is malformed or
    /// forbidden. ASCII control characters and four-byte sequences are forbidden too.
    private static int permittedCharacterBytes(byte[] bytes, int i, int end) {
        int first = bytes[i] & 0xFF;
        if (first >= 0xC2 && first <= 0xDF) {
            if (end - i < 2 || !isContinuation(bytes[i + 1])) {
                return 0;
            }
            boolean isControl = first == 0xC2 && (bytes[i + 1] & 0xFF) < 0xA0;
            return isControl ? 0 : 2;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            if (end - i < 3 || !isContinuation(bytes[i + 1]) || !isContinuation(bytes[i + 2])) {
                return 0;
            }
            int c = (first & 0x0F) << 12 | (bytes[i + 1] & 0x3F) << 6 | (bytes[i + 2] & 0x3F);
            boolean isOverlong = c < 0x0800;
            boolean isForbidden = (c >= 0xD800 && c <= 0xF8FF) || c >= 0xFFF0;
            return isOverlong || isForbidden ? 0 : 3;
        }
        return 0;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
