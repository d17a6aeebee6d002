package io.witan.interop.disk;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Events;
import io.witan.interop.Lab;
import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.ServerSettings;
import io.witan.interop.Vectors;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Adler32;

/// What happens when the numbers of sequential znodes run out, after 2,147,483,647 creates. Nobody
/// waits for that: the count is put into a recorded snapshot.
@AgainstBoth
class SequenceEndIT {

    /// In `snapshot.a` of `small`: where `/a` keeps its count of creates, and where the first
    /// checksum stands. What follows that and its mark may be missing, as in snapshots of old
    /// versions.
    private static final int CREATES_OF_A = 0xf2;

    private static final int CHECKSUM = 0x2ca;
    private static final int MARK_BYTES = 5;

    @TempDir private Path home;

    @Test
    void the_numbers_end_instead_of_beginning_again(Product product) throws Exception {
        Vectors.copyDataDir("snapshot-only", home.resolve("data"));
        createsOfA(Integer.MAX_VALUE - 1);

        try (var server = new ServerProcess(product, home, ServerSettings.PLAIN).start();
                var client = Lab.connected(server.connectString(), new Events())) {
            assertThat(
                            client.create(
                                    "/a/n-",
                                    null,
                                    OPEN_ACL_UNSAFE,
                                    CreateMode.PERSISTENT_SEQUENTIAL))
                    .isEqualTo("/a/n-2147483646");
            assertThat(
                            client.create(
                                    "/a/n-",
                                    null,
                                    OPEN_ACL_UNSAFE,
                                    CreateMode.PERSISTENT_SEQUENTIAL))
                    .isEqualTo("/a/n-2147483647");
            assertThatThrownBy(() ->
                            client.create(
                                    "/a/n-",
                                    null,
                                    OPEN_ACL_UNSAFE,
                                    CreateMode.PERSISTENT_SEQUENTIAL))
                    .isInstanceOf(NodeExistsException.class);
            assertThat(client.getChildren("/a", false))
                    .contains("n-2147483646", "n-2147483647")
                    .doesNotHaveDuplicates();
        }
    }

    private void createsOfA(int count) throws Exception {
        Path file = home.resolve("data/version-2/snapshot.a");
        var snapshot =
                ByteBuffer.wrap(
                        Arrays.copyOf(
                                Files.readAllBytes(file), CHECKSUM + Long.BYTES + MARK_BYTES));
        snapshot.putInt(CREATES_OF_A, count);
        var checksum = new Adler32();
        checksum.update(snapshot.slice(0, CHECKSUM));
        snapshot.putLong(CHECKSUM, checksum.getValue());
        Files.write(file, snapshot.array());
    }
}
