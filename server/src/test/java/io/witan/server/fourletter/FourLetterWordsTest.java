package io.witan.server.fourletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.server.config.ConfigReader;
import io.witan.server.config.ServerConfig;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Expected texts are those of a standalone Apache ZooKeeper 3.9.4 in the same state, with our
/// version and values.
class FourLetterWordsTest {

    private static final String VERSION = "3.9.4-witan-0.1.0, built on 2026-01-01 00:00 UTC";

    private final FakeServer server = new FakeServer();

    @Test
    void ruok_is_imok_without_an_end_of_line_even_when_not_serving() {
        assertThat(answer("ruok")).isEqualTo("imok");
        server.serving = false;
        assertThat(answer("ruok")).isEqualTo("imok");
    }

    @Test
    void isro_is_rw_or_null() {
        assertThat(answer("isro")).isEqualTo("rw");
        server.serving = false;
        assertThat(answer("isro")).isEqualTo("null");
    }

    @Test
    void srvr_shows_the_figures() {
        server.traffic = new Traffic(17, 16, 0, 4.3125, 14);
        server.connections.add(asking(55922));
        server.outstanding = 2;
        server.lastZxid = 0x1a;

        assertThat(answer("srvr"))
                .isEqualTo(
                        """
                        Zookeeper version: 3.9.4-witan-0.1.0, built on 2026-01-01 00:00 UTC
                        Latency min/avg/max: 0/4.3125/14
                        Received: 17
                        Sent: 16
                        Connections: 1
                        Outstanding: 2
                        Zxid: 0x1a
                        Mode: standalone
                        Node count: 5
                        """);
    }

    @Test
    void stat_shows_the_clients_before_the_figures() {
        server.connections.add(client(55910, 0x1000030f1980000L, 9));
        server.connections.add(asking(55922));

        assertThat(answer("stat"))
                .isEqualTo(
                        """
                        Zookeeper version: 3.9.4-witan-0.1.0, built on 2026-01-01 00:00 UTC
                        Clients:
                         /127.0.0.1:55910[1](queued=0,recved=10,sent=9)
                         /127.0.0.1:55922[0](queued=0,recved=1,sent=0)

                        Latency min/avg/max: 0/0.0/0
                        Received: 0
                        Sent: 0
                        Connections: 2
                        Outstanding: 0
                        Zxid: 0x0
                        Mode: standalone
                        Node count: 5
                        """);
    }

    @Test
    void cons_shows_the_clients_in_detail() {
        server.connections.add(client(55910, 0x1000030f1980000L, 9));
        server.connections.add(asking(55940));

        assertThat(answer("cons"))
                .isEqualTo(
                        """
                         /127.0.0.1:55910[1](queued=0,recved=10,sent=9,sid=0x1000030f1980000,lop=SETD,\
                        est=1795236344813,to=30000,lcxid=0x9,lzxid=0x8,lresp=3210592,llat=5,minlat=0,\
                        avglat=5,maxlat=14)
                         /127.0.0.1:55940[0](queued=0,recved=1,sent=0)

                        """);
    }

    @Test
    void cons_leaves_the_cxid_out_while_there_is_none() {
        server.connections.add(client(55910, 0x1000030f1980000L, -1));

        assertThat(answer("cons")).contains(",to=30000,lzxid=0x8,");
    }

    @Test
    void conf_shows_the_configuration() {
        assertThat(answer("conf"))
                .isEqualTo(
                        """
                        clientPort=32181
                        secureClientPort=-1
                        dataDir=/var/lib/zk/version-2
                        dataDirSize=478
                        dataLogDir=/var/lib/zk/version-2
                        dataLogSize=67108880
                        tickTime=2000
                        maxClientCnxns=0
                        minSessionTimeout=4000
                        maxSessionTimeout=40000
                        clientPortListenBacklog=-1
                        serverId=0
                        """);
    }

    @Test
    void crst_and_srst_reset_and_say_so() {
        assertThat(answer("crst")).isEqualTo("Connection stats reset.\n");
        assertThat(answer("srst")).isEqualTo("Server stats reset.\n");

        assertThat(server.resets).containsExactly("connections", "server");
    }

    @Test
    void dump_shows_sessions_ephemerals_and_connections() {
        long first = 1795236356000L;
        server.sessions.add(new FakeServer.Expiry(0x1000030f1980000L, first + 20_000));
        server.sessions.add(new FakeServer.Expiry(0x1000030f1980001L, first));
        server.ephemerals.add(new FakeServer.Owned(0x1000030f1980000L, "/q-0000000002"));
        server.ephemerals.add(new FakeServer.Owned(0x1000030f1980000L, "/a/e"));
        server.ephemerals.add(new FakeServer.Owned(0x1000030f1980001L, "/b"));
        server.connections.add(asking(55944));

        assertThat(answer("dump"))
                .isEqualTo(
                        """
                        SessionTracker dump:
                        Session Sets (2)/(2):
                        1 expire at Sat Nov 21 04:45:56 UTC 2026:
                        \t0x1000030f1980001
                        1 expire at Sat Nov 21 04:46:16 UTC 2026:
                        \t0x1000030f1980000
                        ephemeral nodes dump:
                        Sessions with Ephemerals (2):
                        0x1000030f1980000:
                        \t/q-0000000002
                        \t/a/e
                        0x1000030f1980001:
                        \t/b
                        Connections dump:
                        Connections Sets (1)/(1):
                        1 expire at Sat Nov 21 04:46:04 UTC 2026:
                        \tip: /127.0.0.1:55944 sessionId: 0x0
                        """);
    }

    @Test
    void dump_of_an_idle_server_shows_empty_sets() {
        assertThat(answer("dump"))
                .isEqualTo(
                        """
                        SessionTracker dump:
                        Session Sets (0)/(0):
                        ephemeral nodes dump:
                        Sessions with Ephemerals (0):
                        Connections dump:
                        Connections Sets (0)/(0):
                        """);
    }

    @Test
    void envi_shows_the_environment() {
        assertThat(answer("envi"))
                .startsWith(
                        "Environment:\nzookeeper.version="
                                + VERSION
                                + "\nhost.name=localhost\njava.version=25.0.3\n")
                .contains("\njava.compiler=<NA>\n")
                .endsWith(
                        """
                        user.dir=/
                        os.memory.free=372MB
                        os.memory.max=512MB
                        os.memory.total=380MB
                        """);
        server.serving = false;
        assertThat(answer("envi")).startsWith("Environment:");
    }

    @Test
    void wchs_counts_watches() {
        someWatches();

        assertThat(answer("wchs")).isEqualTo("2 connections watching 2 paths\nTotal watches:3\n");
    }

    @Test
    void wchc_shows_watches_by_session() {
        someWatches();

        assertThat(answer("wchc"))
                .isEqualTo("0x1000030f1980000\n\t/p\n\t/a\n0x1000030f1980001\n\t/a\n\n");
        assertThat(
                        new FourLetterWords(config("*"), environment(), FourLetterWordsTest::utc)
                                .answer(FourLetterWord.WCHC, 0, new FakeServer())
                                .toString())
                .isEqualTo("\n");
    }

    @Test
    void wchp_shows_watches_by_path() {
        server.watches.add(new FakeServer.Owned(0x1000030f1980000L, "/p"));
        server.watches.add(new FakeServer.Owned(0x1000030f1980000L, "/a"));
        server.watches.add(new FakeServer.Owned(0x1000030f1980001L, "/a"));

        assertThat(answer("wchp"))
                .isEqualTo(
                        """
                        /p
                        \t0x1000030f1980000
                        /a
                        \t0x1000030f1980000
                        \t0x1000030f1980001

                        """);
    }

    @Test
    void an_answer_about_a_million_watches_is_cut_off_at_a_line_and_says_so() {
        for (int i = 0; i < 600_000; i++) {
            server.watches.add(new FakeServer.Owned(7, "/services/some-service/instances/" + i));
        }

        var answer = words("*").answer(FourLetterWord.WCHC, 0, server);

        assertThat(answer.isCut()).isTrue();
        assertThat(answer.length())
                .isBetween(
                        FourLetterWords.ANSWER_BYTES_MAX - 100,
                        FourLetterWords.ANSWER_BYTES_MAX + 100);
        var end = answer.toString().substring(answer.toString().length() - 120);
        assertThat(end)
                .matches(
                        "(?s).*[0-9]+.\\(cut off here: the answer is longer than 16777216"
                                + " bytes\\).");
    }

    @Test
    void dirs_shows_sizes() {
        assertThat(answer("dirs")).isEqualTo("datadir_size: 478\nlogdir_size: 67108880\n");
    }

    @Test
    void hash_shows_zxids_in_hex_and_digests_in_decimal() {
        server.digests.add(new long[] {0x80, 10300428197L});
        server.digests.add(new long[] {0x100, 10215240746L});

        assertThat(answer("hash")).isEqualTo("80: 10300428197\n100: 10215240746\n");
    }

    @Test
    void gtmk_is_306_until_stmk_sets_another_mask() {
        var words = words("*");

        assertThat(words.answer(FourLetterWord.GTMK, 0, server).toString()).isEqualTo("306");
        assertThat(words.answer(FourLetterWord.STMK, 0x12, server).toString()).isEqualTo("18");
        assertThat(words.answer(FourLetterWord.GTMK, 0, server).toString()).isEqualTo("18");
    }

    @Test
    void mntr_is_one_figure_a_line_under_the_names_of_the_original() {
        server.traffic = new Traffic(409, 408, 0, 0.82401, 19);
        server.quotas.add(new FakeServer.Quota("app", 10, -1, 2, 2));
        server.metrics.changedWatches.add(8);

        assertThat(answer("mntr").lines())
                .contains(
                        "zk_version\t" + VERSION,
                        "zk_server_state\tstandalone",
                        "zk_avg_latency\t0.824",
                        "zk_max_latency\t19",
                        "zk_packets_received\t409",
                        "zk_packets_sent\t408",
                        "zk_znode_count\t5",
                        "zk_uptime\t2956",
                        "zk_open_file_descriptor_count\t38",
                        "zk_app_quota_count_limit_per_namespace\t10",
                        "zk_app_quota_bytes_limit_per_namespace\t-1",
                        "zk_app_quota_count_usage_per_namespace\t2",
                        "zk_avg_node_changed_watch_count\t8.0",
                        "zk_cnt_node_changed_watch_count\t1",
                        "zk_p999_updatelatency\t0");
    }

    @Test
    void a_word_that_is_not_in_the_whitelist_is_refused_in_words_but_srvr_never() {
        var words = words("ruok, isro");

        assertThat(words.answer(FourLetterWord.CONF, 0, server).toString())
                .isEqualTo("conf is not executed because it is not in the whitelist.\n");
        assertThat(words.answer(FourLetterWord.RUOK, 0, server).toString()).isEqualTo("imok");
        assertThat(words.answer(FourLetterWord.SRVR, 0, server).toString())
                .startsWith("Zookeeper version: ");
    }

    @Test
    void while_not_serving_all_but_a_few_words_say_so() {
        server.serving = false;

        for (var word : FourLetterWord.values()) {
            var expected =
                    switch (word) {
                        case RUOK -> "imok";
                        case ISRO -> "null";
                        case GTMK -> "306";
                        case STMK -> "0";
                        case ENVI -> answer("envi");
                        case HASH -> "This ZooKeeper instance is not currently serving requests";
                        default -> "This ZooKeeper instance is not currently serving requests\n";
                    };
            assertThat(answer(word.text())).as(word.text()).isEqualTo(expected);
        }
    }

    @Test
    void the_first_four_bytes_tell_a_word_from_a_length() {
        assertThat(FourLetterWord.of(0x72756f6b)).isEqualTo(FourLetterWord.RUOK);
        assertThat(FourLetterWord.of(0x61626364)).isNull();
        assertThat(FourLetterWord.of(45)).isNull();
        assertThat(FourLetterWord.STMK.argumentLength()).isEqualTo(8);
        assertThat(FourLetterWord.RUOK.argumentLength()).isZero();
        for (var word : FourLetterWord.values()) {
            assertThat(FourLetterWord.of(word.code())).isEqualTo(word);
        }
    }

    @Test
    void operations_have_the_names_of_the_original() {
        assertThat(OperationNames.of(-10)).isEqualTo("SESS");
        assertThat(OperationNames.of(104)).isEqualTo("GETACN");
        assertThat(OperationNames.of(1)).isEqualTo(OperationNames.of(21)).isEqualTo("CREA");
        assertThat(OperationNames.of(99)).isNull();
    }

    private void someWatches() {
        server.watches.add(new FakeServer.Owned(0x1000030f1980000L, "/p"));
        server.watches.add(new FakeServer.Owned(0x1000030f1980000L, "/a"));
        server.watches.add(new FakeServer.Owned(0x1000030f1980001L, "/a"));
    }

    private String answer(String word) {
        return words("*")
                .answer(FourLetterWord.valueOf(word.toUpperCase(Locale.ROOT)), 0, server)
                .toString();
    }

    private static FourLetterWords words(String whitelist) {
        return new FourLetterWords(config(whitelist), environment(), FourLetterWordsTest::utc);
    }

    private static ZoneId utc() {
        return ZoneId.of("UTC");
    }

    private static ServerConfig config(String whitelist) {
        return new ConfigReader(Map.of("zookeeper.4lw.commands.whitelist", whitelist))
                .read(List.of("32181", Path.of("/var/lib/zk").toString(), "2000"))
                .config();
    }

    private static Environment environment() {
        return Environment.of(
                VERSION,
                "localhost",
                Map.of("java.version", "25.0.3", "user.dir", "/"),
                () -> new long[] {372L << 20, 512L << 20, 380L << 20});
    }

    private static ConnectionView client(int port, long sessionId, int lastCxid) {
        return new ConnectionView(
                remote(port),
                true,
                0,
                new Traffic(10, 9, 0, 5.4, 14),
                0,
                new ConnectionView.Session(
                        sessionId, 30000, 1795236344813L, "SETD", lastCxid, 8, 3210592, 5));
    }

    private static ConnectionView asking(int port) {
        return new ConnectionView(
                remote(port), false, 0, new Traffic(1, 0, 0, 0, 0), 1795236364000L, null);
    }

    private static InetSocketAddress remote(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
