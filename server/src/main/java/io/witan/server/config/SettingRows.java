package io.witan.server.config;

import io.witan.server.config.Setting.Effect;
import io.witan.server.config.Setting.Form;
import io.witan.server.config.Setting.Kind;

import java.util.List;

/// The words that the rows of [SettingTable] are written in.
final class SettingRows {

    static final Form FILE = Form.FILE;
    static final Form BOTH = Form.FILE_OR_JVM;
    static final Form JVM = Form.JVM;

    static final Kind TRUE_FALSE = new Kind.Choice(List.of("true", "false"));
    static final Kind YES_NO = new Kind.Choice(List.of("yes", "no"));
    static final Kind PORT = whole(0, 65535);
    static final Kind HOST = new Kind.Text("a host name or address of this machine", false);
    static final Kind DIRECTORY = new Kind.Text("a directory", false);
    static final Kind TEXT = new Kind.Text("any text", true);
    static final int INT_MAX = Integer.MAX_VALUE;

    private SettingRows() {}

    static Kind whole(long min, long max) {
        return new Kind.Whole(min, max, false);
    }

    /// Or 0, which switches it off.
    static Kind wholeOrOff(long min, long max) {
        return new Kind.WholeOrOff(min, max);
    }

    static Setting works(String key, Form form, Kind kind, String standard, String meaning) {
        return new Setting(key, form, kind, standard, Effect.WORKS, meaning);
    }

    static Setting none(String key, Form form, Kind kind, String reason) {
        return new Setting(key, form, kind, "", Effect.NONE, reason);
    }

    static Setting deprecated(String key, Form form, Kind kind, String reason) {
        return new Setting(key, form, kind, "", Effect.DEPRECATED, reason);
    }

    static Setting notYet(String key, Form form, Kind kind, String what) {
        return new Setting(key, form, kind, "", Effect.NOT_YET, what);
    }

    static Setting ensemble(String key, Form form, Kind kind, String standard, String meaning) {
        return new Setting(key, form, kind, standard, Effect.ENSEMBLE, meaning);
    }
}
