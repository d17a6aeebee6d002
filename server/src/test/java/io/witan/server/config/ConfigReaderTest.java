package io.witan.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.witan.storage.SnapshotCompression;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

class ConfigReaderTest {

    private static final String PLAIN = "clientPort=2181\ndataDir=/var/lib/zk\n";

    @TempDir Path directory;

    @Test
    void without_arguments_it_is_a_standalone_server_on_port_2181_with_its_data_in_data() {
        var loaded = new ConfigReader(Map.of()).read(List.of());

        assertThat(loaded.config().clientPort().address().getPort()).isEqualTo(2181);
        assertThat(loaded.config().storage().dataDir()).isEqualTo(Path.of("data"));
        assertThat(loaded.config().storage().logDir()).isEqualTo(Path.of("data"));
        assertThat(loaded.notices()).isEmpty();
    }

    @Test
    void a_file_with_nothing_but_the_minimum_gets_the_defaults_of_zookeeper() {
        var config = read(PLAIN).config();

        assertThat(config.sessions()).isEqualTo(new SessionConfig(3000, 6000, 60000, false, false));
        assertThat(config.clientPort().address().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(config.clientPort().backlogConnections()).isEqualTo(-1);
        assertThat(config.limits().frames()).isEqualTo(new LimitsConfig.Frames(1048575, 1048575));
        assertThat(config.limits().connections()).isEqualTo(new LimitsConfig.Connections(60, 0));
        assertThat(config.limits().requests().outstandingMax()).isEqualTo(1000);
        assertThat(config.limits().requests().largeThresholdBytes()).isEqualTo(-1);
        assertThat(config.limits().connectionThrottle().enabled()).isFalse();
        assertThat(config.storage().log().preallocBytes()).isEqualTo(64 << 20);
        assertThat(config.storage().log().rollBytes()).isZero();
        assertThat(config.storage().log().forceSync()).isTrue();
        assertThat(config.storage().log().slowForceNanos()).isEqualTo(1_000_000_000L);
        assertThat(config.storage().snapshots())
                .isEqualTo(
                        new StorageConfig.Snapshots(
                                100_000, true, 4L << 30, SnapshotCompression.NONE, true));
        assertThat(config.storage().purge().enabled()).isFalse();
        assertThat(config.tree())
                .isEqualTo(
                        new TreeConfig(
                                false,
                                false,
                                false,
                                true,
                                true,
                                new TreeConfig.Containers(60000, 10000, 0)));
        assertThat(config.auth())
                .isEqualTo(
                        new AuthConfig(
                                false, List.of(), new AuthConfig.Digest(true, null, "SHA1")));
        assertThat(config.fourLetterWords().allows("srvr")).isTrue();
        assertThat(config.fourLetterWords().allows("ruok")).isFalse();
        assertThat(config.fourLetterWords().allows("isro")).isFalse();
    }

    @Test
    void the_sample_file_of_zookeeper_works_and_what_an_ensemble_would_need_is_one_notice() {
        var loaded =
                read(
                        """
                        # The number of milliseconds of each tick
                        tickTime=2000
                        initLimit=10
                        syncLimit=5
                        dataDir=/tmp/zookeeper
                        clientPort=2181
                        #maxClientCnxns=60
                        """);

        assertThat(loaded.config().sessions())
                .isEqualTo(new SessionConfig(2000, 4000, 40000, false, false));
        assertThat(loaded.notices())
                .containsExactly(
                        "No effect on a standalone server: initLimit (line 3), syncLimit (line"
                                + " 4).");
    }

    @Test
    void the_file_is_read_as_java_properties() {
        var config =
                read("""
                ! another comment
                  tickTime : 1000\s\s
                clientPort 2182
                dataDir = /var/\\
                    lib/zk
                autopurge.purgeInterval=24
                autopurge.snapRetainCount=5
                dataLogDir=/var/lo\\u0067
                """)
                        .config();

        assertThat(config.sessions().tickTimeMillis()).isEqualTo(1000);
        assertThat(config.clientPort().address().getPort()).isEqualTo(2182);
        assertThat(config.storage().dataDir()).isEqualTo(Path.of("/var/lib/zk"));
        assertThat(config.storage().logDir()).isEqualTo(Path.of("/var/log"));
        assertThat(config.storage().purge()).isEqualTo(new StorageConfig.Purge(5, 24));
    }

    @Test
    void a_key_that_the_original_makes_a_property_of_works_in_the_file_and_as_that_property() {
        var inFile = read(PLAIN + "maxCnxns=7\nsnapshot.compression.method=gz\n").config();
        var asProperty =
                read(
                                PLAIN,
                                Map.of(
                                        "zookeeper.maxCnxns", "7",
                                        "zookeeper.snapshot.compression.method", "gz"))
                        .config();

        assertThat(inFile.limits().connections().totalMax()).isEqualTo(7);
        assertThat(inFile.storage().snapshots().compression()).isEqualTo(SnapshotCompression.GZIP);
        assertThat(asProperty).isEqualTo(inFile);
    }

    @Test
    void the_file_wins_over_a_property_and_says_so() {
        var loaded = read(PLAIN + "maxCnxns=7\n", Map.of("zookeeper.maxCnxns", "8"));

        assertThat(loaded.config().limits().connections().totalMax()).isEqualTo(7);
        assertThat(loaded.notices())
                .containsExactly(
                        "-Dzookeeper.maxCnxns=8 has no effect: the file gives maxCnxns too (line"
                                + " 3), and wins.");
    }

    @Test
    void what_only_the_jvm_is_given_is_read_there_and_not_in_the_file() {
        var loaded =
                read(
                        PLAIN + "jute.maxbuffer=4194304\n",
                        Map.of(
                                "znode.container.checkIntervalMs",
                                "50",
                                "readonlymode.enabled",
                                "true"));

        assertThat(loaded.config().limits().frames().bytesMax()).isEqualTo(1048575);
        assertThat(loaded.config().tree().containers().checkIntervalMillis()).isEqualTo(50);
        assertThat(loaded.config().fourLetterWords().allows("isro")).isTrue();
        assertThat(loaded.notices())
                .containsExactly(
                        "jute.maxbuffer (line 3) is not looked for in the file, here as in"
                                + " ZooKeeper. Give it to the JVM: -Djute.maxbuffer=4194304");
    }

    @Test
    void a_frame_limit_may_be_hexadecimal_and_the_extra_size_follows_it() {
        var frames = read(PLAIN, Map.of("jute.maxbuffer", "0x9fffff")).config().limits().frames();

        assertThat(frames).isEqualTo(new LimitsConfig.Frames(0x9fffff, 0x9fffff));
        assertThat(frames.fieldBytesMax()).isEqualTo(2 * 0x9fffff);
        assertThat(new LimitsConfig.Frames(Integer.MAX_VALUE, 1024).fieldBytesMax())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void the_sync_warning_is_also_known_without_the_prefix() {
        var config = read(PLAIN, Map.of("fsync.warningthresholdms", "20")).config();

        assertThat(config.storage().log().slowForceNanos()).isEqualTo(20_000_000);
    }

    @Test
    void bare_arguments_are_port_directory_tick_and_connections_which_then_have_no_limit() {
        var two = new ConfigReader(Map.of()).read(List.of("2183", "/data")).config();
        var four = new ConfigReader(Map.of()).read(List.of("2183", "/data", "500", "9")).config();

        assertThat(two.clientPort().address().getPort()).isEqualTo(2183);
        assertThat(two.storage().dataDir()).isEqualTo(Path.of("/data"));
        assertThat(two.sessions().tickTimeMillis()).isEqualTo(3000);
        assertThat(two.limits().connections().perAddressMax()).isZero();
        assertThat(four.sessions().tickTimeMillis()).isEqualTo(500);
        assertThat(four.limits().connections().perAddressMax()).isEqualTo(9);
    }

    @Test
    void more_arguments_than_there_are_meanings_for_are_refused_with_the_usage() {
        assertThatThrownBy(() -> new ConfigReader(Map.of()).read(List.of("1", "2", "3", "4", "5")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Usage: witan server");
    }

    @Test
    void an_option_is_not_taken_for_a_file() {
        assertThatThrownBy(() -> new ConfigReader(Map.of()).read(List.of("zoo.cfg", "-Dkey=value")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no option -Dkey=value")
                .hasMessageContaining("before the other arguments");
        assertThat(new ConfigReader(Map.of()).read(List.of("2181", "/data", "2000", "-1")).config())
                .extracting(config -> config.limits().connections().perAddressMax())
                .isEqualTo(0);
    }

    @Test
    void a_file_is_not_taken_for_a_port() {
        assertThatThrownBy(() -> new ConfigReader(Map.of()).read(List.of("zoo.cfg", "other.cfg")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("zoo.cfg is not a port")
                .hasMessageContaining("Usage: witan server");
    }

    @Test
    void a_file_that_may_not_be_read_is_named_in_plain_words() {
        assertThat(ConfigFileException.unreadable(Path.of("/a"), new AccessDeniedException("/a")))
                .hasMessage(
                        "The configuration file /a cannot be read: permission denied. Check its owner and permissions.");
    }

    @Test
    void what_is_odd_is_said_beside_what_is_wrong() {
        assertThatThrownBy(() -> read("clientPort=2181\ndatadir=/data\n"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("dataDir is not given")
                .hasMessageContaining("Look at this, too:")
                .hasMessageContaining("Did you mean dataDir?");
        assertThatThrownBy(() -> read("clientPort=2181\n"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageNotContaining("Look at this");
        assertThatThrownBy(() -> read(PLAIN + "initLimit=10\nserver.1=a:2888\n"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("server.1=a:2888")
                .hasMessageNotContaining("standalone");
    }

    @Test
    void smaller_values_are_raised_where_the_original_raises_them() {
        var config =
                read(PLAIN
                                + "autopurge.snapRetainCount=1\n"
                                + "snapCount=0\n"
                                + "jute.maxbuffer.extrasize=1\n")
                        .config();

        assertThat(config.storage().purge().snapshotsRetained()).isEqualTo(3);
        assertThat(config.storage().snapshots().txnsMax()).isEqualTo(2);
        assertThat(config.limits().frames().extraBytes()).isEqualTo(1024);
    }

    @Test
    void a_negative_limit_on_connections_is_no_limit() {
        assertThat(
                        read(PLAIN + "maxClientCnxns=-5\n")
                                .config()
                                .limits()
                                .connections()
                                .perAddressMax())
                .isZero();
    }

    @Test
    void all_problems_are_reported_at_once_with_line_value_and_range() {
        var problems =
                problems(
                        """
                        clientPort=70000
                        tickTime=abc
                        dataDir=
                        forceSync=false
                        4lw.commands.whitelist
                        minSessionTimeout=9000
                        maxSessionTimeout=5000
                        connection_throttle_drop_increase=2
                        """,
                        Map.of("zookeeper.digest.enabled", "on"));

        var file = directory.resolve("zoo.cfg");
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        file
                                + ", line 1: clientPort=70000: 70000 is not a whole number from 0"
                                + " to 65535.",
                        file
                                + ", line 2: tickTime=abc: abc is not a whole number from 1 to"
                                + " 107374182.",
                        file + ", line 3: dataDir=: nothing is not a directory.",
                        file + ", line 4: forceSync=false: false is not one of: yes, no.",
                        file
                                + ", line 5: 4lw.commands.whitelist: is not key=value. The value is"
                                + " missing.",
                        file
                                + ", line 8: connection_throttle_drop_increase=2: 2 is not a number"
                                + " from 0.0 to 1.0.",
                        "The smallest session time-out is above the largest: minSessionTimeout"
                                + " 9000, maxSessionTimeout 5000 ms (-1 for 2 and for 20 times"
                                + " tickTime, which is 3000).",
                        "-Dzookeeper.digest.enabled=on: on is not one of: true, false.");
    }

    @Test
    void a_line_that_cannot_be_read_is_named() {
        assertThat(problems(PLAIN + "a=\\u12\n=5\ntikTime\n", Map.of()))
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .contains("line 3: a=\\u12: cannot be read, it has a \\u"),
                        second ->
                                assertThat(second)
                                        .contains("line 4: =5: cannot be read, it has no key"),
                        third ->
                                assertThat(third)
                                        .contains(
                                                "line 5: tikTime: is not key=value. Did you mean"
                                                        + " tickTime?"));
    }

    @Test
    void a_file_without_port_or_directory_says_what_to_add() {
        assertThat(problems("tickTime=2000\n", Map.of()))
                .containsExactlyInAnyOrder(
                        "clientPort is not given. Add a line such as clientPort=2181.",
                        "dataDir is not given. Add a line such as dataDir=/var/lib/zookeeper.");
        assertThat(problems("dataDir=/d\nsecureClientPort=2281\n", Map.of()))
                .singleElement()
                .asString()
                .contains("this version of Witan has no TLS port");
    }

    @Test
    void an_unknown_key_is_named_with_the_nearest_one() {
        assertThat(read(PLAIN + "maxClientCnxn=5\nmy.own.thing=1\n").notices())
                .containsExactly(
                        "maxClientCnxn (line 3) is not a key that is known here; it has no effect."
                                + " Did you mean maxClientCnxns?",
                        "my.own.thing (line 4) is not a key that is known here; it has no effect.");
        assertThat(read(PLAIN, Map.of("zookeeper.snapcount", "5", "java.vendor", "x")).notices())
                .containsExactly(
                        "snapcount (-Dzookeeper.snapcount) is not a key that is known here; it has"
                                + " no effect. Did you mean snapCount?");
    }

    @Test
    void a_key_in_the_wrong_place_says_where_it_belongs() {
        assertThat(
                        read(
                                        PLAIN + "zookeeper.maxCnxns=5\n",
                                        Map.of(
                                                "zookeeper.tickTime",
                                                "5",
                                                "zookeeper.jute.maxbuffer",
                                                "5000"))
                                .notices())
                .containsExactly(
                        "zookeeper.maxCnxns (line 3) has no effect: in the file the key is"
                                + " maxCnxns, without zookeeper.",
                        "-Dzookeeper.jute.maxbuffer=5000 has no effect: this property has no"
                                + " zookeeper. before its name: -Djute.maxbuffer=5000",
                        "-Dzookeeper.tickTime=5 has no effect: tickTime is looked for in the"
                                + " configuration file only.");
    }

    @Test
    void known_keys_without_effect_are_named_with_the_reason() {
        var notices =
                read(PLAIN
                                + """
                                electionAlg=3
                                commitProcessor.numWorkerThreads=4
                                admin.serverPort=8080
                                admin.enableServer=true
                                authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider
                                """)
                        .notices();

        assertThat(notices)
                .containsExactly(
                        "Not in this version, so without effect: admin.enableServer (line 6),"
                                + " admin.serverPort (line 5). The HTTP administration port: none is"
                                + " opened.",
                        "Not in this version, so without effect: authProvider.1 (line 7). Classes"
                                + " that authenticate: here digest and ip are built in.",
                        "No effect in Witan: commitProcessor.numWorkerThreads (line 4). There is no"
                                + " commit processor: one thread owns the tree.",
                        "Deprecated, no effect: electionAlg (line 3). All algorithms but 3, fast"
                                + " leader election, were removed from the original. Delete the line.");
    }

    @Test
    void settings_that_give_safety_away_are_pointed_out() {
        assertThat(read(PLAIN + "forceSync=no\nskipACL=yes\n").notices())
                .containsExactlyInAnyOrder(
                        "forceSync (line 3): writes are acknowledged before they are on the disk. A"
                                + " power cut loses them.",
                        "skipACL (line 4): access lists are ignored, anybody may do anything.");
    }

    @Test
    void a_key_given_twice_holds_as_it_stands_last() {
        var loaded = read(PLAIN + "tickTime=1000\ntickTime=2000\n");

        assertThat(loaded.config().sessions().tickTimeMillis()).isEqualTo(2000);
        assertThat(loaded.notices()).singleElement().asString().contains("lines 3 and 4");
    }

    @Test
    void one_server_line_is_a_standalone_server_as_in_zookeeper() {
        assertThat(read(PLAIN + "server.1=localhost:2888:3888\n").notices())
                .contains(
                        "Only one server is listed, server.1 (line 3): it runs as a standalone"
                                + " server, as it would in ZooKeeper.");
    }

    @Test
    void required_authentication_that_nobody_could_pass_is_refused() {
        assertThat(problems(PLAIN + "sessionRequireClientSASLAuth=true\n", Map.of())).hasSize(1);
        assertThat(problems(PLAIN + "enforce.auth.enabled=true\n", Map.of())).hasSize(1);
        assertThat(
                        problems(
                                PLAIN
                                        + "enforce.auth.enabled=true\n"
                                        + "enforce.auth.schemes=digest,sasl\n",
                                Map.of()))
                .singleElement()
                .asString()
                .contains("does not know: sasl");
        assertThat(
                        read(PLAIN
                                        + "enforce.auth.enabled=true\n"
                                        + "enforce.auth.schemes= digest , ip\n")
                                .config()
                                .auth()
                                .requiredSchemes())
                .containsExactly("digest", "ip");
    }

    @Test
    void a_digest_algorithm_that_the_jdk_lacks_is_refused() {
        assertThat(problems(PLAIN + "DigestAuthenticationProvider.digestAlg=SHA0\n", Map.of()))
                .hasSize(1);
    }

    @Test
    void a_configuration_in_words_does_not_show_the_super_users_digest() {
        var config =
                read(PLAIN + "DigestAuthenticationProvider.superDigest=super:c2VjcmV0\n").config();

        assertThat(config.auth().digest().superDigest()).isEqualTo("super:c2VjcmV0");
        assertThat(config.toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void the_whitelist_is_a_comma_list_with_blanks_or_a_star() {
        var some = read(PLAIN + "4lw.commands.whitelist=conf,  stat\n").config().fourLetterWords();
        var all = read(PLAIN + "4lw.commands.whitelist=*\n").config().fourLetterWords();

        assertThat(some.allows("stat")).isTrue();
        assertThat(some.allows("srvr")).isTrue();
        assertThat(some.allows("mntr")).isFalse();
        assertThat(all.allows("mntr")).isTrue();
    }

    @Test
    void a_file_that_is_missing_or_a_directory_is_named() {
        var missing = directory.resolve("nowhere.cfg");

        assertThatThrownBy(() -> new ConfigReader(Map.of()).read(List.of(missing.toString())))
                .isInstanceOf(ConfigFileException.class)
                .hasMessageContaining("There is no configuration file " + missing);
        assertThatThrownBy(() -> new ConfigReader(Map.of()).read(List.of(directory.toString())))
                .isInstanceOf(ConfigFileException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    void every_key_that_is_said_to_work_is_looked_at_and_no_other() {
        var given = GivenSettings.of(Map.of());
        ConfigReader.config(given);

        var working = new TreeSet<String>();
        for (var row : SettingTable.all()) {
            if (row.effect() == Setting.Effect.WORKS) {
                working.add(row.key());
            }
        }
        var others = new TreeSet<>(given.consulted());
        others.removeAll(working);
        assertThat(given.consulted()).containsAll(working);
        assertThat(others)
                .containsExactly(
                        "dynamicConfigFile",
                        "localSessionsEnabled",
                        "localSessionsUpgradingEnabled",
                        "secureClientPort",
                        "standaloneEnabled");
    }

    @Test
    void every_key_stands_in_the_table_once_and_its_default_is_allowed() {
        assertThat(SettingTable.all().stream().map(Setting::key)).doesNotHaveDuplicates();
        for (var row : SettingTable.all()) {
            if ((row.kind() instanceof Setting.Kind.Whole
                            || row.kind() instanceof Setting.Kind.WholeOrOff)
                    && !row.standard().matches(".*[a-z].*|")) {
                assertThat(row.kind().accepts(row.standard())).as(row.key()).isTrue();
            }
        }
    }

    private LoadedConfig read(String text) {
        return read(text, Map.of());
    }

    private LoadedConfig read(String text, Map<String, String> properties) {
        try {
            var file =
                    Files.writeString(
                            directory.resolve("zoo.cfg"), text, StandardCharsets.ISO_8859_1);
            return new ConfigReader(properties).read(List.of(file.toString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> problems(String text, Map<String, String> properties) {
        return catchThrowableOfType(InvalidConfigException.class, () -> read(text, properties))
                .problems();
    }
}
