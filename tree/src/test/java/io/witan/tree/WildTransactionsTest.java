package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Transactions that no leader in its right mind makes. A log or a peer may hold them all the same,
/// and a server that stopped on one would stop on it again at each start.
class WildTransactionsTest {

    private static final String[] NAMES = {
        "",
        "a",
        "b",
        "zookeeper",
        "quota",
        "config",
        "zookeeper_limits",
        "zookeeper_stats",
        "\0",
        "."
    };
    private static final int[] TYPES = {
        OpCode.CREATE,
        OpCode.CREATE2,
        OpCode.CREATE_TTL,
        OpCode.CREATE_CONTAINER,
        OpCode.DELETE,
        OpCode.SET_DATA,
        OpCode.RECONFIG,
        99
    };

    private SplittableRandom random = new SplittableRandom(0);

    @Seeds(100)
    void whatever_a_transaction_says_the_tree_stays_whole(long seed) {
        random = new SplittableRandom(seed);
        var settings = new TreeSettings(random.nextBoolean(), random.nextBoolean(), true, seed);
        var tree = new ZnodeTree(settings);
        SnapshotCursor cursor = tree.snapshot();
        var out = new JuteWriter();
        boolean systemZnodesMayGo = random.nextBoolean();

        for (int i = 0; i < 1500; i++) {
            int type = TYPES[random.nextInt(TYPES.length)];
            var header = new TxnHeader(session(), 1, random.nextInt(40), random.nextLong(), type);
            tree.apply(header, txn(systemZnodesMayGo, true), TreeListener.NONE);
            tree.matches(null);
            if (random.nextInt(20) == 0 && cursor.advance(out.reset(), 200)) {
                cursor = tree.snapshot();
            }
        }

        ZnodeTreePropertiesTest.assertIndexesAgree(tree);
        long digest = 0;
        for (Znode z : TreeText.all(tree)) {
            byte[] path = z.path();
            digest +=
                    new NodeDigest().of(path, 0, path.length, tree.znodes(), z.number)
                            & 0xFFFF_FFFFL;
        }
        assertThat(tree.digest()).isEqualTo(digest);
        while (!cursor.advance(out.reset(), 1000)) {}
        if (!systemZnodesMayGo && !settings.extendedTypes()) {
            TreeText.assertSame(
                    TreeText.withoutUsage(TreeText.of(reloaded(tree, settings))),
                    TreeText.withoutUsage(TreeText.of(tree)));
        }
    }

    private static ZnodeTree reloaded(ZnodeTree tree, TreeSettings settings) {
        var copy = new ZnodeTree(settings);
        SnapshotCursor cursor = tree.snapshot();
        var out = new JuteWriter();
        cursor.header(out);
        while (!cursor.advance(out, 1000)) {}
        var in = io.witan.wire.jute.JuteReader.over(out.toByteArray());
        TreeLoader loader = copy.loader(cursor.zxid());
        Recorded.loadHeader(in, loader);
        while (in.remaining() > 0) {
            Recorded.loadZnode(in.readBufferNotNull("path"), in, loader);
        }
        loader.end();
        return copy;
    }

    private Txn txn(boolean systemZnodesMayGo, boolean outermost) {
        byte[] path = path();
        switch (random.nextInt(outermost ? 12 : 9)) {
            case 0, 1, 2:
                return new Txn.Create(path, data(), acl(), random.nextBoolean(), random.nextInt());
            case 3:
                return new Txn.CreateContainer(path, data(), acl(), random.nextInt(-2, 5));
            case 4:
                return new Txn.CreateTtl(
                        path, data(), acl(), 1, random.nextLong() >> random.nextInt(64));
            case 5:
                return new Txn.Delete(systemZnodesMayGo || !isSystem(path) ? path : new byte[0]);
            case 6:
                return new Txn.SetData(path, data(), random.nextInt());
            case 7:
                return new Txn.SetAcl(path, acl(), random.nextInt());
            case 8:
                return new Txn.Failed(random.nextInt());
            case 9:
                return new Txn.CreateSession(random.nextInt());
            case 10:
                var paths = new ArrayList<byte[]>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    byte[] listed = path();
                    paths.add(systemZnodesMayGo || !isSystem(listed) ? listed : new byte[0]);
                }
                return new Txn.CloseSession(random.nextBoolean() ? paths : null);
            default:
                var ops = new ArrayList<Txn.Op>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    ops.add(
                            new Txn.Op(
                                    TYPES[random.nextInt(TYPES.length)],
                                    txn(systemZnodesMayGo, false)));
                }
                return new Txn.Multi(ops);
        }
    }

    private static boolean isSystem(byte[] path) {
        String text = new String(path, UTF_8);
        return List.of("/zookeeper", "/zookeeper/quota", "/zookeeper/config").contains(text);
    }

    private byte[] path() {
        var path = new StringBuilder(random.nextInt(20) == 0 ? "" : "/");
        for (int i = random.nextInt(5); i >= 0; i--) {
            path.append(NAMES[random.nextInt(20) == 0 ? 0 : random.nextInt(1, NAMES.length)]);
            path.append(i == 0 && random.nextInt(20) > 0 ? "" : "/");
        }
        if (random.nextInt(6) == 0) {
            return ("/zookeeper/quota/"
                            + NAMES[random.nextInt(1, 4)]
                            + "/"
                            + NAMES[random.nextInt(6, 8)])
                    .getBytes(UTF_8);
        }
        return path.toString().getBytes(UTF_8);
    }

    private byte @Nullable [] data() {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> "count=1,bytes=9".getBytes(UTF_8);
            case 3 -> "count=9223372036854775807,bytes=-9223372036854775808".getBytes(UTF_8);
            default -> new byte[random.nextInt(random.nextInt(10) == 0 ? 9_000 : 50)];
        };
    }

    private @Nullable List<Acl> acl() {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> List.of();
            case 2 -> List.of(new Acl(random.nextInt(), new Id("x", "y")));
            default -> Acl.OPEN;
        };
    }

    private long session() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> 0x8000_0000_0000_0000L;
            case 2 -> 0xFF00_0000_0000_0007L;
            case 3 -> 0xFF12_3400_0000_0007L;
            default -> random.nextInt(5);
        };
    }
}
