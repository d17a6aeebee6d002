package io.witan.simulation.server;

import io.witan.storage.ConfigFiles;
import io.witan.storage.Disk;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// The configuration file of a server on its disk, and what the server has made of it.
public final class Configuration {

    private static final Path STATIC = Path.of("/conf/zoo.cfg");
    private static final String DYNAMIC = "dynamicConfigFile=";

    private final FakeDisk disk;
    private final ConfigFiles files;
    private final EnsembleConfig initial;

    Configuration(FakeDisk disk, EnsembleConfig initial) {
        this.disk = disk;
        this.files = new ConfigFiles(disk, STATIC);
        this.initial = initial;
    }

    /// What the operator has written, on a disk that has nothing yet.
    static void writeStatic(FakeDisk disk, EnsembleConfig config) {
        disk.put(STATIC, (config.fileText() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// The file names no other any more.
    public static void forget(FakeDisk disk) {
        if (disk.kind(STATIC) == Disk.Kind.FILE) {
            String text = new String(disk.content(STATIC), StandardCharsets.UTF_8);
            String without =
                    text.lines()
                            .filter(line -> !line.startsWith(DYNAMIC))
                            .collect(Collectors.joining("\n", "", "\n"));
            disk.put(STATIC, without.getBytes(StandardCharsets.UTF_8));
        }
    }

    EnsembleConfig committed() throws IOException {
        if (disk.kind(STATIC) != Disk.Kind.FILE) {
            throw new IOException("no " + STATIC);
        }
        String text = new String(disk.content(STATIC), StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            if (line.startsWith(DYNAMIC)) {
                return read(line.substring(line.lastIndexOf('.') + 1));
            }
        }
        return initial;
    }

    private EnsembleConfig read(String hexVersion) throws IOException {
        long version = Long.parseUnsignedLong(hexVersion, 16);
        String text = files.dynamic(version);
        if (text == null) {
            throw new IOException("no dynamic configuration file of version " + hexVersion);
        }
        return parsed(text).withVersion(version);
    }

    EnsembleConfig lastSeen() throws IOException {
        EnsembleConfig committed = committed();
        String next = files.next();
        if (next == null) {
            return committed;
        }
        EnsembleConfig seen = parsed(next);
        return seen.version() <= committed.version() ? committed : seen;
    }

    private static EnsembleConfig parsed(String text) throws IOException {
        try {
            return EnsembleConfig.parse(text);
        } catch (ConfigTextException e) {
            throw new IOException("unreadable configuration", e);
        }
    }

    void storeLastSeen(EnsembleConfig config) {
        files.writeNext(config.text());
    }

    void storeCommitted(EnsembleConfig config) throws IOException {
        Path dynamic = files.writeDynamic(config.version(), config.fileText());
        files.rewriteStatic(dynamic, false);
        String next = files.next();
        if (next != null && parsed(next).version() <= config.version()) {
            files.deleteNext();
        }
    }
}
