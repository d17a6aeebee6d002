package io.witan.interop.poison;

import static io.witan.interop.poison.Requests.CREATE;
import static io.witan.interop.poison.Requests.CREATE_TTL;
import static io.witan.interop.poison.Requests.DELETE;
import static io.witan.interop.poison.Requests.GET_DATA;
import static io.witan.interop.poison.Requests.OK;
import static io.witan.interop.poison.Requests.SET_DATA;
import static io.witan.interop.poison.Requests.createTtl;
import static io.witan.interop.poison.Requests.createZnode;
import static io.witan.interop.poison.Requests.delete;
import static io.witan.interop.poison.Requests.getData;
import static io.witan.interop.poison.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.ServerSettings;
import io.witan.interop.wire.Jute;
import io.witan.interop.wire.WireConnection;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The data directory of an Apache server that a request has stopped, and that does not start any
/// more because the request is in its log: Witan starts on it, with everything else in place.
class PoisonedDirectoryIT {

    private record Write(int type, Jute body) {}

    /// The last write of each list is the one that does it.
    private static final Map<String, List<Write>> POISONS =
            Map.of(
                    "negative ttl",
                    List.of(new Write(CREATE_TTL, createTtl("/ttl", 0, -1))),
                    "quota on the root",
                    List.of(
                            new Write(
                                    CREATE,
                                    createZnode("/zookeeper/quota/zookeeper_limits", "count=1"))),
                    "limits in the wrong place",
                    List.of(
                            new Write(CREATE, createZnode("/zookeeper/zookeeper_limits", "x")),
                            new Write(DELETE, delete("/zookeeper/zookeeper_limits"))),
                    "junk statistics",
                    List.of(
                            new Write(CREATE, createZnode("/q", "x")),
                            new Write(CREATE, createZnode("/zookeeper/quota/q", "")),
                            new Write(
                                    CREATE,
                                    createZnode(
                                            "/zookeeper/quota/q/zookeeper_limits",
                                            "count=9,bytes=9")),
                            new Write(
                                    CREATE,
                                    createZnode(
                                            "/zookeeper/quota/q/zookeeper_stats",
                                            "count=0,bytes=0")),
                            new Write(
                                    SET_DATA,
                                    setData("/zookeeper/quota/q/zookeeper_stats", "junk")),
                            new Write(CREATE, createZnode("/q/a", "x"))));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "negative ttl",
                "quota on the root",
                "limits in the wrong place",
                "junk statistics"
            })
    void opens_in_witan(String poison, @TempDir Path home) throws Exception {
        try (var apache = new ServerProcess(Product.APACHE, home, ServerSettings.PLAIN).start()) {
            poison(apache, Objects.requireNonNull(POISONS.get(poison)));
            apache.kill();
            assertThat(apache.tryStart()).as("the original starts again").isFalse();
        }

        try (var witan = new ServerProcess(Product.WITAN, home, ServerSettings.PLAIN).start();
                var client = new WireConnection(witan.address())) {
            client.connect(30_000);
            assertThat(client.call(1, GET_DATA, getData("/before")).err()).isEqualTo(OK);
            assertThat(client.call(2, CREATE, createZnode("/after", "x")).err()).isEqualTo(OK);
        }
    }

    private static void poison(ServerProcess apache, List<Write> writes) throws Exception {
        try (var client = new WireConnection(apache.address())) {
            client.connect(30_000);
            assertThat(client.call(1, CREATE, createZnode("/before", "x")).err()).isEqualTo(OK);
            int xid = 1;
            for (Write write : writes.subList(0, writes.size() - 1)) {
                assertThat(client.call(++xid, write.type(), write.body()).err()).isEqualTo(OK);
            }
            Write last = writes.getLast();
            client.send(new Jute().integer(++xid).integer(last.type()).bytes(last.body()).bytes());
            assertThat(client.read()).as("the original answers").isNull();
        }
    }
}
