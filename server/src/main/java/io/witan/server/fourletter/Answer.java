package io.witan.server.fourletter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text that grows up to a limit. What is added beyond it is dropped, and the last line says so: an
/// answer about a million watches must not cost the server its memory.
public final class Answer {

    private final int bytesMax;
    private byte[] bytes = new byte[1024];
    private int length;

    /// Where the last whole line ends.
    private int wholeLines;

    private boolean cut;

    Answer(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    Answer add(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        return add(utf8);
    }

    Answer add(byte[] text) {
        if (cut || !reserve(text.length)) {
            return this;
        }
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    Answer add(long number) {
        return add(Long.toString(number));
    }

    /// As `0x1f`.
    Answer addHex(long number) {
        return add("0x").add(Long.toHexString(number));
    }

    Answer endLine() {
        if (!cut && reserve(1)) {
            bytes[length++] = '\n';
            wholeLines = length;
        }
        return this;
    }

    Answer line(String text) {
        return add(text).endLine();
    }

    private boolean reserve(int more) {
        if (more > bytesMax - length) {
            cutOff();
            return false;
        }
        if (length + more > bytes.length) {
            bytes =
                    Arrays.copyOf(
                            bytes,
                            Math.max(length + more, (int) Math.min(2L * bytes.length, bytesMax)));
        }
        return true;
    }

    private void cutOff() {
        cut = true;
        var note =
                "(cut off here: the answer is longer than %d bytes)\n"
                        .formatted(bytesMax)
                        .getBytes(StandardCharsets.UTF_8);
        bytes = Arrays.copyOf(bytes, wholeLines + note.length);
        System.arraycopy(note, 0, bytes, wholeLines, note.length);
        length = bytes.length;
    }

    /// Whether something had to be dropped.
    public boolean isCut() {
        return cut;
    }

    /// The text; the first [#length] bytes count.
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
