package io.witan.tree;

import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.file.LogFormat;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/// What real ZooKeeper servers wrote, from `testdata/vectors`: the plainest readers of logs and
/// snapshots that are whole. The real ones are in the storage module.
final class Recorded {

    private static final Path FOLDER = find();

    private Recorded() {}

    static List<String> lines(String name) {
        try {
            return Files.readAllLines(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String name) {
        return bytes(FOLDER.resolve(name));
    }

    /// The transactions of all logs of a data directory.
    static List<LoggedTxn> transactions(String folder) {
        var txns = new ArrayList<LoggedTxn>();
        for (Path log : files(folder, "log.")) {
            JuteReader in = JuteReader.over(bytes(log));
            in.position(LogFormat.HEADER_BYTES);
            while (in.remaining() > LogFormat.RECORD_HEAD_BYTES) {
                in.readLong();
                byte[] payload = in.readBufferNotNull("payload");
                if (payload.length == 0) {
                    break;
                }
                in.readByte();
                txns.add(TxnCodec.read(JuteReader.over(payload)));
            }
        }
        return txns;
    }

    /// Names of the uncompressed and gzip snapshots of a data directory, oldest first.
    static List<Path> snapshots(String folder) {
        return files(folder, "snapshot.").stream()
                .filter(file -> !file.toString().endsWith(".snappy"))
                .toList();
    }

    static long zxidOf(Path file) {
        return Long.parseUnsignedLong(file.getFileName().toString().split("\\.")[1], 16);
    }

    /// Loads a snapshot file into a tree.
    static void load(Path file, ZnodeTree tree) {
        load(bytes(file), tree.loader(zxidOf(file)));
    }

    static void load(byte[] snapshot, TreeLoader loader) {
        JuteReader in = JuteReader.over(snapshot);
        in.position(16);
        loadHeader(in, loader);
        while (true) {
            byte[] path = in.readBufferNotNull("path");
            if (path.length == 1) {
                break;
            }
            loadZnode(path, in, loader);
        }
        in.position(in.position() + 13);
        if (in.remaining() > 21) {
            loader.digest(in.readLong(), in.readInt(), in.readLong());
        }
        loader.end();
    }

    static void loadHeader(JuteReader in, TreeLoader loader) {
        for (int n = in.readInt(); n > 0; n--) {
            loader.session(in.readLong(), in.readInt());
        }
        for (int n = in.readInt(); n > 0; n--) {
            loader.acl(in.readLong(), Acl.readList(in));
        }
    }

    static void znode(
            TreeLoader loader, byte[] path, byte @Nullable [] data, long aclKey, StoredStat stat) {
        int length = data == null ? 0 : data.length;
        byte[] both = Arrays.copyOf(path, path.length + length);
        if (data != null) {
            System.arraycopy(data, 0, both, path.length, length);
        }
        loader.znode(
                both,
                0,
                path.length,
                path.length,
                data == null ? -1 : length,
                aclKey,
                stat.czxid(),
                stat.mzxid(),
                stat.ctime(),
                stat.mtime(),
                stat.version(),
                stat.cversion(),
                stat.aversion(),
                stat.ephemeralOwner(),
                stat.pzxid());
    }

    static void loadZnode(byte[] path, JuteReader in, TreeLoader loader) {
        znode(loader, path, in.readBuffer(), in.readLong(), StoredStat.read(in));
    }

    private static List<Path> files(String folder, String prefix) {
        try (var files = Files.list(FOLDER.resolve("disk").resolve(folder).resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.comparingLong(Recorded::zxidOf))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!file.toString().endsWith(".gz")) {
                return bytes;
            }
            try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return gzip.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path find() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("testdata/vectors"))) {
            folder = Objects.requireNonNull(folder.getParent());
        }
        return folder.resolve("testdata/vectors");
    }
}
