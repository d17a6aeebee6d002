package io.witan.interop.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.ServerSettings;
import io.witan.interop.Vectors;
import io.witan.interop.wire.WireConnection;
import io.witan.interop.wire.WireConnection.Session;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Random;

/// Data directories that a real Apache server wrote, whole and damaged.
@AgainstBoth
class RecordedDirectoriesIT {

    private static final ServerSettings SETTINGS = ServerSettings.config(Tree.SUPERUSER);

    @TempDir private Path home;

    @ParameterizedTest
    @CsvSource({
        "main,             30,        57245721343, main",
        "small,            e,         14976550187, small",
        "gzip,             e,         13304332886, gzip",
        "snappy,           e,         16046786680, snappy",
        "old,              e,         12658135745, old",
        "dup,              5,         7868540203,  dup",
        "v0,               8,         7856254511,  v0",
        "ensemble/server1, 10000000f, 8284249419,  ensemble-server1",
        "bad-snapshot,     e,         14976550187, small",
        "short-snapshot,   e,         14976550187, small",
        "fuzzy,            e,         14976550187, small",
        "empty-last-log,   e,         14976550187, small",
        "header-only,      e,         14976550187, small",
    })
    void loads_with_every_znode_as_recorded(
            String directory, String zxid, long digest, String expected, Product product)
            throws Exception {
        try (var server = opened(directory, product)) {
            assertThat(server.fourLetterWord("srvr")).contains("Zxid: 0x" + zxid);
            assertThat(Tree.of(server).lines())
                    .isEqualTo(Tree.expected(Vectors.expected(expected + ".loaded.jsonl")).lines());
            assertThat(new DataDirectory(server.dataDir()).digestAfterLoading()).isEqualTo(digest);
        }
    }

    /// Only these have no recorded tree of their own.
    @ParameterizedTest
    @CsvSource({
        "torn-eof,         d,         10405372743",
        "torn-padded,      d,         10405372743",
        "torn-length,      d,         10405372743",
        "torn-no-eor,      d,         10405372743",
        "snapshot-only,    a,         7673786662",
        "ensemble/server3, 10000000f, 8284249419",
    })
    void loads_as_far_as_it_goes(String directory, String zxid, long digest, Product product)
            throws Exception {
        try (var server = opened(directory, product)) {
            assertThat(server.fourLetterWord("srvr")).contains("Zxid: 0x" + zxid);
            Tree tree = Tree.of(server);
            assertThat(new DataDirectory(server.dataDir()).digestAfterLoading()).isEqualTo(digest);
            assertThat(tree.lines()).filteredOn(line -> line.startsWith("/last ")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "corrupt-middle",
                "corrupt-last",
                "gap",
                "bad-magic",
                "all-snapshots-bad",
                "no-snapshot"
            })
    void is_refused(String directory, Product product) {
        Vectors.copyDataDir(directory, home.resolve("data"));
        try (var server = new ServerProcess(product, home, SETTINGS)) {
            assertThat(server.tryStart()).isFalse();
            assertThat(server.log()).isNotEmpty();
        }
    }

    @Test
    void logs_without_a_snapshot_load_when_the_operator_says_so(Product product) throws Exception {
        Vectors.copyDataDir("no-snapshot", home.resolve("data"));
        var settings = SETTINGS.with("snapshot.trust.empty=true");
        try (var server = new ServerProcess(product, home, settings).start()) {
            assertThat(Tree.of(server).lines())
                    .isEqualTo(Tree.expected(Vectors.expected("small.loaded.jsonl")).lines());
        }
    }

    @Test
    void sessions_live_on_with_their_ids_and_passwords(Product product) throws Exception {
        try (var server = opened("main", product);
                var a = new WireConnection(server.address());
                var closed = new WireConnection(server.address());
                var c = new WireConnection(server.address())) {
            assertThat(a.renew(session(0x100001737890000L)).id()).isEqualTo(0x100001737890000L);
            assertThat(closed.renew(session(0x100001737890001L)).id()).isZero();
            assertThat(c.renew(session(0x100001737890002L)).id()).isEqualTo(0x100001737890002L);
        }
    }

    private ServerProcess opened(String directory, Product product) {
        Vectors.copyDataDir(directory, home.resolve("data"));
        return new ServerProcess(product, home, SETTINGS).start();
    }

    private static Session session(long id) {
        byte[] password = new byte[16];
        new Random(id ^ 0xB3415C00L).nextBytes(password);
        return new Session(30_000, id, password);
    }
}
