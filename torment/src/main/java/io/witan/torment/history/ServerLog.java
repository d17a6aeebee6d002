package io.witan.torment.history;

import io.witan.storage.LogReader;
import io.witan.storage.PosixDisk;
import io.witan.wire.client.OpCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All transactions in the logs of one server that has ended, whatever snapshots say.
record ServerLog(long sid, NavigableMap<Long, byte[]> txns, long currentEpoch) {

    static ServerLog read(long sid, Path dataDirectory) {
        Path version = dataDirectory.resolve("version-2");
        NavigableMap<Long, byte[]> txns = new TreeMap<>();
        try {
            for (Path file : files(version)) {
                readFile(file, txns);
            }
            return new ServerLog(sid, txns, epoch(version));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path version) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(version)) {
            all.filter(path -> path.getFileName().toString().startsWith("log."))
                    .forEach(files::add);
        }
        // What a later file says of a zxid replaces what an earlier one said.
        files.sort((a, b) -> Long.compare(first(a), first(b)));
        return files;
    }

    private static long first(Path file) {
        return Long.parseLong(file.getFileName().toString().substring(4), 16);
    }

    private static void readFile(Path file, NavigableMap<Long, byte[]> txns) throws IOException {
        try (LogReader reader = LogReader.open(new PosixDisk(), file)) {
            while (reader.next()) {
                long zxid = reader.zxid();
                if (reader.type() == OpCode.ERROR && txns.containsKey(zxid)) {
                    continue; // ZooKeeper repeats a zxid for what it cannot decode.
                }
                int offset = reader.payloadOffset();
                byte[] txn =
                        Arrays.copyOfRange(reader.bytes(), offset, offset + reader.payloadLength());
                txns.put(zxid, reader.type() == OpCode.MULTI ? FailedMultis.inOneForm(txn) : txn);
            }
        }
    }

    private static long epoch(Path version) throws IOException {
        Path file = version.resolve("currentEpoch");
        return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
    }
}
