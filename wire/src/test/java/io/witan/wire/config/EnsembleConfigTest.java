package io.witan.wire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// Sections 1.3 and 1.5 of quorum.
class EnsembleConfigTest {

    private static final String THREE =
            """
            server.1=a:2888:3888:participant;0.0.0.0:2181
            server.2=b:2888:3888:participant;0.0.0.0:2181
            server.3=c:2888:3888:observer
            version=10000000a\
            """;

    private static final String TWO_GROUPS =
            """
            server.1=a:1:2:participant
            server.2=b:1:2:participant
            server.3=c:1:2:observer
            group.1=1
            group.2=2:3
            weight.1=1
            weight.2=0
            weight.3=5
            version=0\
            """;

    @Test
    void text_is_read_and_written_again() throws ConfigTextException {
        EnsembleConfig config = EnsembleConfig.parse(THREE);

        assertThat(config.version()).isEqualTo(0x1_0000_000aL);
        assertThat(config.isHierarchical()).isFalse();
        assertThat(config.participants()).containsExactly(1L, 2L);
        assertThat(config.observers()).containsExactly(3L);
        assertThat(config.member(2))
                .isEqualTo(
                        new Member(
                                2,
                                List.of(new Address("b", 2888, 3888)),
                                Member.Role.PARTICIPANT,
                                "0.0.0.0:2181"));
        assertThat(config.member(4)).isNull();
        assertThat(config.text()).isEqualTo(THREE);
    }

    @Test
    void members_are_written_in_the_order_of_their_numbers_whatever_they_were_read_in()
            throws ConfigTextException {
        assertThat(
                        EnsembleConfig.parse(
                                        """
                                        version=ffffffffffffffff
                                        server.10=b:1:2
                                        # a comment, and blanks where properties may have them

                                          server.9 = a:1:2;2181
                                        """)
                                .text())
                .isEqualTo(
                        """
                        server.9=a:1:2:participant;0.0.0.0:2181
                        server.10=b:1:2:participant
                        version=ffffffffffffffff\
                        """);
    }

    @Test
    void without_a_version_it_is_zero() throws ConfigTextException {
        assertThat(EnsembleConfig.parse("server.1=a:1:2").text())
                .isEqualTo("server.1=a:1:2:participant\nversion=0");
    }

    @Test
    void dynamic_files_have_no_version_and_are_sorted_as_strings() throws ConfigTextException {
        assertThat(EnsembleConfig.parse("server.9=a:1:2\nserver.10=b:1:2\nversion=7").fileText())
                .isEqualTo("server.10=b:1:2:participant\nserver.9=a:1:2:participant");
    }

    @Test
    void groups_and_weights_are_read_and_written_again() throws ConfigTextException {
        EnsembleConfig config = EnsembleConfig.parse(TWO_GROUPS);

        assertThat(config.isHierarchical()).isTrue();
        assertThat(config.groups()).containsEntry(2L, List.of(2L, 3L)).hasSize(2);
        assertThat(config.weights()).containsEntry(1L, 1L).containsEntry(2L, 0L).hasSize(3);
        assertThat(config.text()).isEqualTo(TWO_GROUPS);
    }

    @Test
    void a_participant_without_a_weight_has_one() throws ConfigTextException {
        EnsembleConfig config =
                EnsembleConfig.parse(TWO_GROUPS.replace("weight.1=1\n", "").replace("2:3", "3:2"));

        assertThat(config.text()).isEqualTo(TWO_GROUPS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group.1=1",
                "group.1=1:2\ngroup.2=2",
                "group.1=1:2:2",
                "weight.1=1",
                "group.1=1:2\nweight.1=-1",
                "group.1=1:2\nweight.1=2147483648",
                "group.1=1:2\nweight.1=",
                "group.1=1:2\nweight.x=1",
                "group.1=1:x",
                "group.1=1:2\ngroup.2=",
                "group.x=1:2",
                "group=1:2",
                "group.1=1:2\ngroup.2=3",
            })
    void groups_that_do_not_hold_each_participant_once_are_refused(String groups) {
        assertRefused("server.1=a:1:2\nserver.2=b:1:2\n" + groups);
    }

    /// What 3.9.4 said in a notification when it was started with these lines.
    @Test
    void text_is_what_the_original_makes_of_the_same_lines() throws ConfigTextException {
        String lines =
                """
                server.1=[::1]:24011:24021:PARTICIPANT;24031
                server.2=127.0.0.1:24012:24022;[::]:24032
                server.3=[2001:DB8::7]:24013:24023;[::1]:24033
                server.4=Under_Score.Example:24014:24024:Observer;LocalHost:24034
                server.5=[fe80::1%lo]:24015:24025:observer;[0:0:0:0:0:0:0:1]:24035
                group.7=3:1
                group.2=2
                weight.1=3
                weight.4=5
                """;

        assertThat(EnsembleConfig.parse(lines).text())
                .isEqualTo(
                        """
                        server.1=[0:0:0:0:0:0:0:1]:24011:24021:participant;0.0.0.0:24031
                        server.2=127.0.0.1:24012:24022:participant;[0:0:0:0:0:0:0:0]:24032
                        server.3=[2001:db8:0:0:0:0:0:7]:24013:24023:participant;[0:0:0:0:0:0:0:1]:24033
                        server.4=Under_Score.Example:24014:24024:observer;LocalHost:24034
                        server.5=[fe80::1%lo]:24015:24025:observer;[0:0:0:0:0:0:0:1]:24035
                        group.2=2
                        group.7=1:3
                        weight.1=3
                        weight.2=1
                        weight.3=1
                        weight.4=5
                        version=0\
                        """);
    }

    /// Some of these end the election of a real server for good (section 3.1).
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "version=1",
                "server.1=a:1:2:observer",
                "server.1=a:1:2\nversion=xyz",
                "server.1=a:1:2\nversion=",
                "server.1=a:1:2\nversion=-1",
                "server.1=a:1:2\nversion=+1",
                "server.1=a:1:2\nversion=0x1",
                "server.1=a:1:2\nversion=11111111111111111",
                "server.1=a:1:2\nversions=1",
                "server.1=a:1:2\nclientPort=2181",
                "server.1=a:1:2\nserver.01=a:1:2",
                "server.one=a:1:2",
                "server.-1=a:1:2",
                "server.+1=a:1:2",
                "server.=a:1:2",
                "server.9223372036854775808=a:1:2",
                "server.\u0661=a:1:2",
                "server=a:1:2",
                "server.1",
                "server.1=a:1:2\n\\u12",
            })
    void text_that_is_no_configuration_is_refused(String text) {
        assertRefused(text);
    }

    @Test
    void equal_content_may_have_another_version() throws ConfigTextException {
        EnsembleConfig config = EnsembleConfig.parse(THREE);
        EnsembleConfig later = config.withVersion(0x2_0000_0001L);

        assertThat(later.version()).isEqualTo(0x2_0000_0001L);
        assertThat(later.sameContent(config)).isTrue();
        assertThat(later).isNotEqualTo(config);
        assertThat(EnsembleConfig.parse(THREE.replace("observer", "participant")))
                .matches(other -> !other.sameContent(config));
        assertThat(EnsembleConfig.parse(THREE.replace("b:2888", "b:2889")))
                .matches(other -> !other.sameContent(config));
        assertThat(EnsembleConfig.parse(THREE.replace(";0.0.0.0:2181", "")))
                .matches(other -> !other.sameContent(config));
    }

    @Test
    void a_configuration_cannot_be_changed() throws ConfigTextException {
        EnsembleConfig config = EnsembleConfig.parse(TWO_GROUPS);

        assertThatThrownBy(() -> config.members().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> config.groups().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> config.weights().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> EnsembleConfig.parse(text))
                .isInstanceOf(ConfigTextException.class)
                .message()
                .isNotEmpty();
    }
}
