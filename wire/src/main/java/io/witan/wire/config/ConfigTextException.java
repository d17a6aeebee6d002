package io.witan.wire.config;

/// A configuration, or a part of one, does not say what it should. The message names the part and
/// can be shown to whoever wrote it. A checked exception, because such text also comes from other
/// servers, and must never be more than a text that is not used.
public final class ConfigTextException extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int QUOTED_MAX = 60;

    public ConfigTextException(String message) {
        super(message, null, false, false);
    }

    /// A piece of the text for a message, without what would hurt there.
    static String quoted(String text) {
        String start = text.length() <= QUOTED_MAX ? text : text.substring(0, QUOTED_MAX) + "...";
        StringBuilder quoted = new StringBuilder("'");
        for (int i = 0; i < start.length(); i++) {
            char c = start.charAt(i);
            quoted.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return quoted.append('\'').toString();
    }
}
