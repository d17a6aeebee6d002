package io.witan.wire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;

class Ipv6Test {

    /// In brackets Java takes the text for an address or refuses it; it never asks a name server.
    @Property(seed = "2026")
    void an_address_is_written_as_java_writes_it(@ForAll("texts") String text)
            throws ConfigTextException {
        String expected;
        try {
            expected = InetAddress.getByName("[" + text + "]").getHostAddress();
        } catch (UnknownHostException e) {
            assertThatThrownBy(() -> Ipv6.canonical(text)).isInstanceOf(ConfigTextException.class);
            return;
        }
        assertThat(Ipv6.canonical(text)).isEqualTo(expected);
    }

    @Test
    void leading_zeros_of_an_ipv4_tail_end_where_java_ends_them() throws ConfigTextException {
        assertThat(Ipv6.canonical("::000000001.2.3.4")).isEqualTo("0:0:0:0:0:0:102:304");
        assertThatThrownBy(() -> Ipv6.canonical("::0000000001.2.3.4"))
                .isInstanceOf(ConfigTextException.class);
    }

    @Test
    void an_address_with_a_zone_stays_as_it_is() throws ConfigTextException {
        assertThat(Ipv6.canonical("FE80::1%eth0")).isEqualTo("FE80::1%eth0");
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces =
                Arbitraries.of(
                        ":",
                        ":",
                        "::",
                        "0",
                        "1",
                        "F",
                        "ab",
                        "0000",
                        "ffff",
                        "12345",
                        "1.2.3.4",
                        "256.1.1.1",
                        "0:0:0:0:0",
                        "1:2:3:4:5:6:7");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(9).map(list -> ":" + String.join("", list)),
                pieces.list().ofMaxSize(9).map(list -> String.join(":", list) + ":1"));
    }
}
