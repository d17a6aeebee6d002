package io.witan.torment.server;

import io.witan.torment.lan.Lan;
import io.witan.torment.lan.Shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The servers of a round.
public final class Ensemble implements AutoCloseable {

    private final EnsemblePlan plan;
    private final Lan lan;
    private final boolean ownDisks;
    private final SortedMap<Long, ServerProcess> servers = new TreeMap<>();

    /// @param ownDisks whether each server gets a file system of its own, in memory
    public Ensemble(
            EnsemblePlan plan, Lan lan, ClassPaths programs, Path directory, boolean ownDisks) {
        this.plan = plan;
        this.lan = lan;
        this.ownDisks = ownDisks;
        for (long sid : plan.sids()) {
            Path home = directory.resolve("server-" + sid).toAbsolutePath();
            Product product = plan.product(sid);
            servers.put(sid, new ServerProcess(sid, product, lan, home, programs));
            prepare(sid, home);
        }
    }

    private void prepare(long sid, Path home) {
        Path data = home.resolve("data");
        try {
            Files.createDirectories(data);
            if (ownDisks) {
                Shell.must(
                        "mount -t tmpfs -o size=%d tmpfs '%s'".formatted(plan.diskBytes(), data));
            }
            Files.writeString(data.resolve("myid"), sid + "\n");
            Files.writeString(home.resolve("zoo.cfg"), configuration(sid, data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String configuration(long sid, Path data) {
        List<String> lines = new ArrayList<>();
        lines.add("tickTime=" + plan.tickMillis());
        lines.add("initLimit=" + EnsemblePlan.INIT_LIMIT_TICKS);
        lines.add("syncLimit=" + EnsemblePlan.SYNC_LIMIT_TICKS);
        lines.add("dataDir=" + data);
        lines.add("clientPort=" + lan.clientAddress(sid).getPort());
        lines.add("clientPortAddress=" + lan.clientAddress(sid).getAddress().getHostAddress());
        lines.add("maxClientCnxns=0");
        lines.add("snapCount=" + plan.snapshotTxns());
        lines.add("preAllocSize=64");
        lines.add("extendedTypesEnabled=true");
        lines.add("4lw.commands.whitelist=*");
        for (long other : plan.sids()) {
            lines.add("server." + other + "=" + lan.memberAddress(other));
        }
        return String.join("\n", lines) + "\n";
    }

    public Collection<ServerProcess> servers() {
        return servers.values();
    }

    public ServerProcess server(long sid) {
        ServerProcess server = servers.get(sid);
        if (server == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return server;
    }

    public void startAll() {
        servers.values().forEach(ServerProcess::start);
    }

    public void killAll() {
        servers.values().forEach(ServerProcess::kill);
    }

    /// Copies what is on the servers' own disks to where it can be read later.
    public void keepDisks() {
        if (ownDisks) {
            for (ServerProcess server : servers.values()) {
                Shell.run(
                        "cp -a '%s' '%s'"
                                .formatted(
                                        server.dataDirectory(),
                                        server.home().resolve("data-at-the-end")));
            }
        }
    }

    /// Ends everything, and lets go of the disks.
    @Override
    public void close() {
        killAll();
        if (ownDisks) {
            for (ServerProcess server : servers.values()) {
                Shell.run("umount -l '%s'".formatted(server.dataDirectory()));
            }
        }
    }
}
