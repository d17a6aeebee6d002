package io.witan.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class EnsembleReaderTest {

    private static final String LIMITS = "initLimit=10\nsyncLimit=5\n";

    private static final String THREE =
            """
            server.1=a:2888:3888
            server.2=b:2888:3888
            server.3=c:2888:3888:observer;2181
            server.4=d:2888:3888
            """;

    @TempDir Path directory;

    @BeforeEach
    void this_is_server_two() throws IOException {
        Files.writeString(directory.resolve("myid"), "2\n");
    }

    @Test
    void several_participants_are_an_ensemble() {
        var loaded = read("clientPort=2182\n" + LIMITS + THREE);
        var ensemble = ensemble(loaded);

        assertThat(ensemble.sid()).isEqualTo(2);
        assertThat(ensemble.members().participants()).containsExactly(1L, 2L, 4L);
        assertThat(ensemble.members().observers()).containsExactly(3L);
        assertThat(ensemble.members().version()).isZero();
        assertThat(ensemble.initLimit()).isEqualTo(10);
        assertThat(ensemble.connectLimit()).isEqualTo(10);
        assertThat(ensemble.election().handshakeMillis()).isEqualTo(15_000);
        assertThat(loaded.config().clientPort().address().getPort()).isEqualTo(2182);
        assertThat(loaded.notices()).isEmpty();
    }

    @Test
    void the_client_port_can_stand_in_the_members_own_line() throws IOException {
        Files.writeString(directory.resolve("myid"), "3");

        var loaded = read(LIMITS + THREE);

        assertThat(loaded.config().clientPort().address().getPort()).isEqualTo(2181);
        assertThat(problems("clientPort=2999\n" + LIMITS + THREE))
                .singleElement()
                .asString()
                .contains("2181");
    }

    @Test
    void an_even_number_of_participants_is_worth_a_notice() {
        assertThat(
                        read("clientPort=2181\n" + LIMITS + "server.1=a:1:2\nserver.2=b:1:2\n")
                                .notices())
                .singleElement()
                .asString()
                .contains("2 participants");
    }

    @Test
    void a_leader_serves_clients_unless_the_file_or_the_jvm_says_no() {
        var file = "clientPort=2181\n" + LIMITS + THREE;

        assertThat(ensemble(read(file)).leaderServes()).isTrue();
        assertThat(ensemble(read(file + "leaderServes=yes\n")).leaderServes()).isTrue();
        assertThat(ensemble(read(file + "leaderServes=No\n")).leaderServes()).isFalse();
        assertThat(ensemble(read(file, Map.of("zookeeper.leaderServes", "no"))).leaderServes())
                .isFalse();
        assertThat(problems(file + "leaderServes=false\n"))
                .singleElement()
                .asString()
                .contains("leaderServes", "yes, no");
    }

    @Test
    void an_observer_keeps_nothing_on_disk_if_the_file_or_the_property_says_so()
            throws IOException {
        var file = "clientPort=2181\n" + LIMITS + THREE.replace(";2181", "");
        var off = Map.of("zookeeper.observer.syncEnabled", "false");
        var on = Map.of("zookeeper.observer.syncEnabled", "true");
        Files.writeString(directory.resolve("myid"), "3");

        assertThat(ensemble(read(file)).diskless()).isFalse();
        assertThat(ensemble(read(file + "syncEnabled=false\n")).diskless()).isTrue();
        assertThat(ensemble(read(file, off)).diskless()).isTrue();
        assertThat(ensemble(read(file + "syncEnabled=true\n", off)).diskless()).isTrue();
        assertThat(ensemble(read(file + "syncEnabled=false\n", on)).diskless()).isFalse();
    }

    @Test
    void an_observer_that_keeps_nothing_has_no_read_only_mode() throws IOException {
        Files.writeString(directory.resolve("myid"), "3");
        var file = "clientPort=2181\n" + LIMITS + THREE.replace(";2181", "");
        var readOnly = Map.of("readonlymode.enabled", "true");

        assertThat(ensemble(read(file, readOnly)).readOnlyMode()).isTrue();

        var diskless = read(file + "syncEnabled=false\n", readOnly);
        assertThat(ensemble(diskless).readOnlyMode()).isFalse();
        assertThat(diskless.notices())
                .anyMatch(notice ->
                        notice.contains("readonlymode.enabled") && notice.contains("no effect"));
    }

    @Test
    void a_participant_writes_whatever_is_said_of_observers() {
        var file = "clientPort=2181\nsyncEnabled=false\n" + LIMITS + THREE;

        assertThat(ensemble(read(file)).diskless()).isFalse();
    }

    @Test
    void an_observer_that_is_to_be_a_participant_writes() throws IOException {
        Files.writeString(directory.resolve("myid"), "3");
        Files.writeString(
                directory.resolve("zoo.cfg.dynamic.next"),
                THREE.replace(":observer", ":participant") + "version=100000007");
        var file = "clientPort=2181\nsyncEnabled=false\n" + LIMITS + THREE.replace(";2181", "");

        assertThat(ensemble(read(file)).diskless()).isTrue();
        assertThat(ensemble(read(file + "reconfigEnabled=true\n")).diskless()).isFalse();
    }

    @Test
    void the_limits_have_no_default() {
        assertThat(problems("clientPort=2181\n" + THREE))
                .anyMatch(problem -> problem.contains("initLimit is not given"))
                .anyMatch(problem -> problem.contains("syncLimit is not given"));
    }

    @Test
    void each_line_with_a_mistake_is_named() {
        assertThat(
                        problems(
                                "clientPort=2181\n"
                                        + LIMITS
                                        + "server.1=a:2888\nserver.2=b:2888:3888\n"
                                        + "server.3=c:1:99999\n"))
                .anyMatch(problem -> problem.contains("line 4") && problem.contains("server.1"))
                .anyMatch(problem -> problem.contains("line 6") && problem.contains("server.3"));
    }

    @Test
    void a_server_knows_which_of_them_it_is() throws IOException {
        Files.writeString(directory.resolve("myid"), "9");
        assertThat(problems("clientPort=2181\n" + LIMITS + THREE))
                .singleElement()
                .asString()
                .contains("this is server 9", "[1, 2, 3, 4]");
        Files.writeString(directory.resolve("myid"), "two");
        assertThat(problems("clientPort=2181\n" + LIMITS + THREE))
                .singleElement()
                .asString()
                .contains("does not hold a number: two", "[1, 2, 3, 4]");
        Files.delete(directory.resolve("myid"));
        assertThat(problems("clientPort=2181\n" + LIMITS + THREE))
                .singleElement()
                .asString()
                .contains("myid cannot be read", "echo N > " + directory.resolve("myid"));
    }

    @Test
    void one_participant_is_an_ensemble_only_if_that_is_asked_for() {
        var one = "clientPort=2181\n" + LIMITS + "server.2=b:2888:3888\n";

        assertThat(read(one).config().ensemble()).isNull();
        assertThat(ensemble(read(one + "standaloneEnabled=false\n")).members().participants())
                .containsExactly(2L);
        assertThat(problems(one + "server.3=c:2888:3888:observer\n"))
                .singleElement()
                .asString()
                .contains("Observers need an ensemble");
    }

    @Test
    void the_name_of_a_dynamic_file_ends_with_the_version() throws IOException {
        var dynamic = directory.resolve("zoo.cfg.dynamic.1f0000002a");
        Files.writeString(dynamic, THREE);

        var ensemble =
                ensemble(read("clientPort=2181\n" + LIMITS + "dynamicConfigFile=" + dynamic));

        assertThat(ensemble.members().version()).isEqualTo(0x1f0000002aL);
    }

    @Test
    void each_line_of_a_dynamic_file_with_a_mistake_is_named() throws IOException {
        var dynamic = directory.resolve("zoo.cfg.dynamic.1");
        Files.writeString(
                dynamic, THREE + "server.5=e:2888\nserver.1=a:1:2\nversion=1\nclientPort=3\n");

        assertThat(problems("clientPort=2181\n" + LIMITS + "dynamicConfigFile=" + dynamic))
                .hasSize(4)
                .allMatch(problem -> problem.startsWith(dynamic + ", line "))
                .anyMatch(problem -> problem.contains("line 5: server.5=e:2888"))
                .anyMatch(problem -> problem.contains("line 6") && problem.contains("line 1 has"))
                .anyMatch(problem -> problem.contains("line 7") && problem.contains("the name of"))
                .anyMatch(
                        problem -> problem.contains("line 8") && problem.contains("only server."));
    }

    @Test
    void a_dynamic_file_that_is_missing_says_what_it_should_hold() {
        assertThat(problems("clientPort=2181\n" + LIMITS + "dynamicConfigFile=/nowhere\n"))
                .singleElement()
                .asString()
                .contains("line 4", "does not exist", "server.N=host:port:port");
    }

    @Test
    void servers_stand_in_one_of_the_two_files() throws IOException {
        var dynamic = directory.resolve("zoo.cfg.dynamic.1");
        Files.writeString(dynamic, THREE);

        assertThat(
                        problems(
                                "clientPort=2181\n"
                                        + LIMITS
                                        + "server.2=b:2888:3888\ndynamicConfigFile="
                                        + dynamic))
                .singleElement()
                .asString()
                .contains("Keep one of the two", "server.2 (line 4)");
    }

    @Test
    void a_number_is_given_to_one_server() {
        assertThat(problems("clientPort=2181\n" + LIMITS + THREE + "server.2=e:2888:3888\n"))
                .singleElement()
                .asString()
                .contains("line 8: server.2=e:2888:3888", "line 5 has server.2, too");
    }

    @Test
    void a_port_is_given_to_one_listener() {
        assertThat(
                        problems(
                                "clientPort=3888\n"
                                        + LIMITS
                                        + "server.1=a:2888:3888\nserver.2=b:2888:3888\n"
                                        + "server.3=a:3888:3889\n"))
                .hasSize(2)
                .anyMatch(problem ->
                        problem.equals(
                                "a:3888 is the election port of server.1 (line 4) and the quorum"
                                        + " port of server.3 (line 6). Give each a port of its own."))
                .anyMatch(problem ->
                        problem.contains("line 1: clientPort=3888")
                                && problem.contains("server.2"));
    }

    @Test
    void the_list_of_servers_says_which_part_one_has() {
        assertThat(read("clientPort=2181\n" + LIMITS + THREE + "peerType=observer\n").notices())
                .singleElement()
                .asString()
                .contains("peerType (line 8) says observer", "server.2 (line 5) says participant");
        assertThat(problems("clientPort=2181\n" + LIMITS + THREE + "peerType=voter\n"))
                .singleElement()
                .asString()
                .contains("line 8", "neither participant nor observer");
    }

    @Test
    void a_change_of_the_ensemble_that_was_under_way_is_remembered() throws IOException {
        var text = "reconfigEnabled=true\nclientPort=2181\n" + LIMITS + THREE;
        assertThat(ensemble(read(text)).lastSeen()).isNull();

        var next = directory.resolve("zoo.cfg.dynamic.next");
        Files.writeString(next, THREE + "server.5=e:2888:3888:participant\nversion=100000007");

        var lastSeen = Objects.requireNonNull(ensemble(read(text)).lastSeen());
        assertThat(lastSeen.version()).isEqualTo(0x100000007L);
        assertThat(lastSeen.participants()).containsExactly(1L, 2L, 4L, 5L);
        assertThat(ensemble(read(text.replace("reconfigEnabled=true", ""))).lastSeen()).isNull();
    }

    @Test
    void a_change_that_cannot_be_read_is_not_passed_over() throws IOException {
        var next = directory.resolve("zoo.cfg.dynamic.next");
        Files.writeString(next, "server.5=e");

        assertThat(problems("reconfigEnabled=true\nclientPort=2181\n" + LIMITS + THREE))
                .singleElement()
                .asString()
                .contains(next.toString(), "delete it");
    }

    @Test
    void heartbeats_are_off_or_far_enough_apart_to_be_worth_their_packets() {
        String plain = "clientPort=2181\n" + LIMITS + THREE;
        for (String worthIt : List.of("0", "20", "200", "60000")) {
            assertThat(ensemble(read(plain + "witan.heartbeatMillis=" + worthIt)).sid())
                    .isEqualTo(2);
        }
        for (String senseless : List.of("1", "19", "-1", "60001")) {
            assertThat(problems(plain + "witan.heartbeatMillis=" + senseless))
                    .singleElement()
                    .asString()
                    .contains("line 8: witan.heartbeatMillis=" + senseless)
                    .contains("is not 0, or a whole number from 20 to 60000");
        }
    }

    @Test
    void what_would_protect_the_ports_and_is_not_there_is_refused() {
        assertThat(problems("clientPort=2181\n" + LIMITS + THREE + "sslQuorum=true\n"))
                .singleElement()
                .asString()
                .contains("sslQuorum");
    }

    private static EnsembleSettings ensemble(LoadedConfig loaded) {
        var ensemble = loaded.config().ensemble();
        if (ensemble == null) {
            throw new AssertionError("stands alone");
        }
        return ensemble;
    }

    private LoadedConfig read(String text) {
        return read(text, Map.of());
    }

    private LoadedConfig read(String text, Map<String, String> properties) {
        try {
            var file =
                    Files.writeString(
                            directory.resolve("zoo.cfg"),
                            text + "\ndataDir=" + directory + "\n",
                            StandardCharsets.ISO_8859_1);
            return new ConfigReader(properties).read(List.of(file.toString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> problems(String text) {
        return catchThrowableOfType(InvalidConfigException.class, () -> read(text)).problems();
    }
}
