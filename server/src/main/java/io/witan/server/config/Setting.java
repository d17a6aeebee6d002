package io.witan.server.config;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One key that Apache ZooKeeper knows, or one of our own: a row of [SettingTable].
///
/// @param key as it is written in the file, or, where [Form#JVM] says so, the whole name of the JVM
///   property. A last part of `*` stands for anything
/// @param form where the key may be given
/// @param kind which values it takes
/// @param standard what holds when it is not given, in words or as the value itself; empty for
///   nothing
/// @param effect what it does in this server
/// @param meaning of an implemented key, what it is for; of any other, why it has no effect here
record Setting(String key, Form form, Kind kind, String standard, Effect effect, String meaning) {

    enum Form {
        /// In the file only: `key=value`.
        FILE,
        /// In the file, or as the JVM property `-Dzookeeper.key=value`. The file wins.
        FILE_OR_JVM,
        /// As the JVM property `-Dkey=value` only: the original never looks for it in the file.
        JVM
    }

    enum Effect {
        WORKS,
        /// Known, and of no use to this server.
        NONE,
        /// Known, of no use here, and given up or on its way out in the original too.
        DEPRECATED,
        /// Means something to a member of an ensemble, nothing to a standalone server.
        ENSEMBLE,
        /// Known, and of use one day: this version does not have what it configures.
        NOT_YET
    }

    /// The values that a key takes.
    sealed interface Kind {

        /// In words for an operator.
        String allowed();

        boolean accepts(String value);

        /// A whole number.
        ///
        /// @param raised whether smaller numbers than `min` are raised to it, as the original does,
        ///   instead of refused
        record Whole(long min, long max, boolean raised) implements Kind {

            @Override
            public String allowed() {
                if (raised) {
                    return "a whole number up to "
                            + max
                            + "; below "
                            + min
                            + " it is raised to "
                            + min;
                }
                return "a whole number from " + min + " to " + max;
            }

            @Override
            public boolean accepts(String value) {
                try {
                    var number = parse(value);
                    return (raised || number >= min) && number <= max;
                } catch (NumberFormatException e) {
                    return false;
                }
            }

            /// Decimal, or hexadecimal as in `-Djute.maxbuffer=0xfffff`.
            static long parse(String value) {
                return value.startsWith("0x") || value.startsWith("0X")
                        ? Long.parseLong(value, 2, value.length(), 16)
                        : Long.parseLong(value);
            }
        }

        /// A whole number, or 0 for what is switched off.
        record WholeOrOff(long min, long max) implements Kind {

            @Override
            public String allowed() {
                return "0, or a whole number from " + min + " to " + max;
            }

            @Override
            public boolean accepts(String value) {
                return new Whole(0, 0, false).accepts(value)
                        || new Whole(min, max, false).accepts(value);
            }
        }

        record Fraction(double min, double max) implements Kind {

            @Override
            public String allowed() {
                return "a number from " + min + " to " + max;
            }

            @Override
            public boolean accepts(String value) {
                try {
                    var number = Double.parseDouble(value);
                    return number >= min && number <= max;
                } catch (NumberFormatException e) {
                    return false;
                }
            }
        }

        /// One of a few words, in any case.
        record Choice(List<String> words) implements Kind {

            @Override
            public String allowed() {
                return "one of: "
                        + String.join(
                                ", ",
                                words.stream().map(w -> w.isEmpty() ? "nothing" : w).toList());
            }

            @Override
            public boolean accepts(String value) {
                return words.stream().anyMatch(word -> word.equalsIgnoreCase(value));
            }
        }

        /// Any text, or any but none.
        record Text(String allowed, boolean mayBeEmpty) implements Kind {

            @Override
            public boolean accepts(String value) {
                return mayBeEmpty || !value.isEmpty();
            }
        }
    }

    /// The name of the JVM property that sets this key, or null where none does.
    @Nullable String jvmProperty() {
        return switch (form) {
            case FILE -> null;
            case FILE_OR_JVM -> "zookeeper." + key;
            case JVM -> key;
        };
    }

    boolean isPattern() {
        return key.endsWith("*");
    }

    /// Whether `name` is this key, or one of those that its pattern stands for.
    boolean matches(String name) {
        return isPattern() ? name.startsWith(key.substring(0, key.length() - 1)) : name.equals(key);
    }
}
