package io.witan.wire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

class PropertiesTextTest {

    @Property(seed = "2026")
    void it_reads_what_java_reads(@ForAll("texts") String text)
            throws IOException, ConfigTextException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            assertThatThrownBy(() -> PropertiesText.read(text))
                    .isInstanceOf(ConfigTextException.class);
            return;
        }
        SortedMap<String, String> expected = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (!key.equals(key.trim())) {
                // Escaped blanks at the ends of keys: which of two such keys counts is chance.
                return;
            }
            expected.put(key, properties.getProperty(key).trim());
        }

        // Java takes a lone backslash at the end of the text for a property without name and value.
        SortedMap<String, String> found = PropertiesText.read(text);
        expected.remove("");
        found.remove("");
        assertThat(found).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "a",
                        "b",
                        "=",
                        ":",
                        " ",
                        "\t",
                        "\f",
                        "\n",
                        "\r",
                        "\r\n",
                        "#",
                        "!",
                        "\\",
                        "\\u0041",
                        "\\u",
                        "0",
                        "\\\n",
                        "\\\r\n",
                        "\\\\",
                        "\\n",
                        "key=value\n",
                        "é")
                .list()
                .ofMaxSize(16)
                .map(pieces -> String.join("", pieces));
    }
}
