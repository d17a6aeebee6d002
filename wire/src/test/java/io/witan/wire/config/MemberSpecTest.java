package io.witan.wire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/// Section 1.2 of quorum.
class MemberSpecTest {

    @ParameterizedTest
    @CsvSource({
        "a:1:2, a:1:2:participant",
        "a:1:2:participant, a:1:2:participant",
        "a:1:2:OBSERVER, a:1:2:observer",
        "a:1:2;2181, a:1:2:participant;0.0.0.0:2181",
        "a:1:2;c:2181, a:1:2:participant;c:2181",
        "a:1:2;[::1]:2181, a:1:2:participant;[0:0:0:0:0:0:0:1]:2181",
        "[2001:DB8::1]:1:2, [2001:db8:0:0:0:0:0:1]:1:2:participant",
        "[fe80::1%eth0]:1:2:observer;3, [fe80::1%eth0]:1:2:observer;0.0.0.0:3",
        "server-1.example.org:2888:3888, server-1.example.org:2888:3888:participant",
        "with_underscore:1:2, with_underscore:1:2:participant",
        "a:1:65535, a:1:65535:participant",
    })
    void a_server_is_described_in_one_line(String spec, String printed) throws ConfigTextException {
        assertThat(MemberSpec.parse(1, spec).spec()).isEqualTo(printed);
        assertThat(MemberSpec.parse(1, printed).spec()).isEqualTo(printed);
    }

    @Test
    void several_addresses_are_sorted_by_host_and_keep_their_ports() throws ConfigTextException {
        Member member = MemberSpec.parse(1, "b:1:2|a:5:6:observer|c:3:4:observer;2181");

        assertThat(member.addresses())
                .containsExactly(
                        new Address("a", 5, 6), new Address("b", 1, 2), new Address("c", 3, 4));
        assertThat(member.spec()).isEqualTo("a:5:6|b:1:2|c:3:4:observer;0.0.0.0:2181");
        assertThat(MemberSpec.parse(1, "c:3:4|b:1:2|a:5:6:observer;2181")).isEqualTo(member);
    }

    @Test
    void a_whole_line_names_the_server() throws ConfigTextException {
        assertThat(MemberSpec.parseLine("server.5 = a:1:2;3"))
                .isEqualTo(
                        new Member(
                                5,
                                List.of(new Address("a", 1, 2)),
                                Member.Role.PARTICIPANT,
                                "0.0.0.0:3"));
        for (String line : List.of("", "5=a:1:2", "server.5", "server.x=a:1:2", "server.=a:1:2")) {
            assertThatThrownBy(() -> MemberSpec.parseLine(line))
                    .isInstanceOf(ConfigTextException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', host:quorumPort:electionPort",
        "a, host:quorumPort:electionPort",
        "a:1, host:quorumPort:electionPort",
        "a:1:2:observer:3, host:quorumPort:electionPort",
        "::1:1:2, host:quorumPort:electionPort",
        ":1:2, no host",
        "[]:1:2, no host",
        "a b:1:2, host",
        "a/b:1:2, host",
        "a\\b:1:2, host",
        "[::1:1:2, ]",
        "[::1]1:2, :",
        "[::1::2]:1:2, IPv6",
        "[1:2:3]:1:2, IPv6",
        "[::12345]:1:2, IPv6",
        "[::g]:1:2, IPv6",
        "a:x:2, quorum port",
        "a:0:2, quorum port",
        "a:-1:2, quorum port",
        "a:65536:2, quorum port",
        "a:1:, election port",
        "a:1:+2, election port",
        "a:1:99999999999, election port",
        "a:7:7, the same",
        "a:1:2:leader, role",
        "a:1:2:, role",
        "a:1:2:observer|b:1:2:participant, two roles",
        "a:1:2|a:1:2, twice",
        "a:1:2|, host:quorumPort:electionPort",
        "a:1:2;, client port",
        "a:1:2;x, client port",
        "a:1:2;c:0, client port",
        "a:1:2;c:1:2, for clients",
        "a:1:2;:1, no host",
        "a:1:2;1;2, more than one ;",
        "a:1:2;;b:1, more than one ;",
    })
    void the_message_names_the_part_that_is_wrong(String spec, String part) {
        assertThatThrownBy(() -> MemberSpec.parse(3, spec))
                .isInstanceOf(ConfigTextException.class)
                .hasMessageContaining(part);
    }

    @Test
    void a_message_holds_only_a_piece_of_a_long_text_and_nothing_that_hurts() {
        assertThatThrownBy(() -> MemberSpec.parse(3, "a:1:2:\n\u001b" + "x".repeat(5000)))
                .isInstanceOf(ConfigTextException.class)
                .message()
                .hasSizeLessThan(300)
                .doesNotContain("\n", "\u001b");
    }
}
