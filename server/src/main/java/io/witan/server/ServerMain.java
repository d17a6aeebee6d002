package io.witan.server;

import io.witan.server.config.ConfigReader;
import io.witan.server.config.EnsembleSettings;
import io.witan.server.config.LoadedConfig;
import io.witan.server.config.ServerConfig;
import io.witan.server.config.StorageConfig;
import io.witan.server.fourletter.Environment;
import io.witan.server.net.Transport;
import io.witan.storage.DataDirectory;
import io.witan.storage.EnsembleStore;
import io.witan.storage.EnsembleStoreSettings;
import io.witan.storage.Finding;
import io.witan.storage.PosixDisk;
import io.witan.storage.Recovered;
import io.witan.tree.TreeSettings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// Where the server's process begins: reads the settings, recovers the state, opens the port, and
/// waits for a signal or a failure.
public final class ServerMain {

    private static final Logger LOG = LoggerFactory.getLogger(ServerMain.class);

    private ServerMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), jvmProperties(), System.out, System.err));
    }

    /// Serves until there is a reason not to. Returns the exit code.
    ///
    /// @param screen for the lines that greet the operator
    /// @param errors for the reason
    static int run(
            List<String> arguments,
            Map<String, String> jvmProperties,
            PrintStream screen,
            PrintStream errors) {
        try {
            CompletableFuture<Transport> transport = loadAside();
            var loaded = new ConfigReader(jvmProperties).read(arguments);
            loaded.notices().forEach(LOG::warn);
            StorageConfig storage = loaded.config().storage();
            try (var directory =
                    DataDirectory.open(
                            new PosixDisk(),
                            storage.dataDir(),
                            storage.logDir(),
                            storage.createDirectories())) {
                return loaded.config().ensemble() == null
                        ? start(transport, loaded, directory, jvmProperties, screen, errors)
                        : startMember(
                                transport,
                                loaded,
                                loaded.config().ensemble(),
                                directory,
                                jvmProperties,
                                screen,
                                errors);
            }
        } catch (RuntimeException | Error error) {
            return end(StartupErrors.atStart(error), errors);
        }
    }

    /// Loads what sockets need on a thread of its own while settings and data are read: an empty
    /// start is a tenth shorter for it (decision 0040). Nobody else touches those classes before it
    /// is done: two threads that initialise classes that need each other can wait for good.
    private static CompletableFuture<Transport> loadAside() {
        return CompletableFuture.supplyAsync(
                Transport::loaded,
                task -> Thread.ofPlatform().name("witan-transport").daemon().start(task));
    }

    private static int start(
            CompletableFuture<Transport> transport,
            LoadedConfig loaded,
            DataDirectory directory,
            Map<String, String> jvmProperties,
            PrintStream screen,
            PrintStream errors) {
        ServerConfig config = loaded.config();
        var secret = new SecureRandom();
        RecoveredTree recovered = recover(config, directory, secret);
        WitanVersion version = WitanVersion.read();
        var server =
                new Server(
                        transport.join(),
                        config,
                        directory,
                        recovered,
                        environment(version, jvmProperties),
                        new SplittableRandom(secret.nextLong()));
        return serve(
                server,
                new StartupScreen(
                        version.name(),
                        "standalone",
                        loaded.source(),
                        config,
                        server.address(),
                        state(recovered),
                        sinceProcessStart()),
                screen,
                errors);
    }

    private static int startMember(
            CompletableFuture<Transport> transport,
            LoadedConfig loaded,
            EnsembleSettings ensemble,
            DataDirectory directory,
            Map<String, String> jvmProperties,
            PrintStream screen,
            PrintStream errors) {
        ServerConfig config = loaded.config();
        var secret = new SecureRandom();
        var store =
                new EnsembleStore(
                        directory,
                        new EnsembleStoreSettings(
                                config.storage().recovery(),
                                config.storage().log(),
                                config.storage().snapshots().compression(),
                                ensemble.learners().historyCountMax(),
                                Wiring.historyBytesMax(),
                                Boolean.parseBoolean(
                                        jvmProperties.get(EnsembleStoreSettings.RECOVER_DAMAGED))),
                        new LogReport());
        RecoveredTree.OfMember recovered =
                RecoveredTree.recover(
                        store,
                        treeSettings(config, secret),
                        config.storage().snapshots().writeLastZxid(),
                        new RecoveryProgress(System::nanoTime, LOG::info));
        say(recovered.state().findings());
        WitanVersion version = WitanVersion.read();
        var server =
                new EnsembleServer(
                        transport.join(),
                        config,
                        ensemble,
                        directory,
                        store,
                        recovered,
                        environment(version, jvmProperties),
                        new SplittableRandom(secret.nextLong()));
        var tree = recovered.tree();
        return serve(
                server,
                new StartupScreen(
                        version.name(),
                        "server "
                                + ensemble.sid()
                                + " of an ensemble of "
                                + ensemble.members().members().size(),
                        loaded.source(),
                        config,
                        server.address(),
                        new StartupScreen.State(
                                tree.lastZxid(),
                                tree.znodeCount(),
                                tree.sessions().count(),
                                origin(recovered.state().files())),
                        sinceProcessStart()),
                screen,
                errors);
    }

    private static int serve(
            ServerInstance server, StartupScreen greeting, PrintStream screen, PrintStream errors) {
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "witan-stop"));
        screen.print(greeting);
        screen.flush();
        Throwable reason = server.failure().join();
        // While the directory is still locked.
        server.close();
        return end(StartupErrors.whileServing(reason), errors);
    }

    private static RecoveredTree recover(
            ServerConfig config, DataDirectory directory, RandomGenerator random) {
        RecoveredTree recovered =
                RecoveredTree.recover(
                        directory,
                        config.storage().recovery(),
                        treeSettings(config, random),
                        config.storage().snapshots().compression(),
                        config.storage().snapshots().writeLastZxid(),
                        new RecoveryProgress(System::nanoTime, LOG::info));
        say(recovered.files().findings());
        if (recovered.digestMismatches() > 0) {
            LOG.warn(
                    "Recovered transactions left the tree otherwise than their digests say; servers"
                            + " of release 3.9 log wrong ones at times: mismatches={}",
                    recovered.digestMismatches());
        }
        return recovered;
    }

    private static void say(List<Finding> findings) {
        for (Finding finding : findings) {
            switch (finding.severity()) {
                case INFO -> LOG.info("{}", finding.text());
                case WARN -> LOG.warn("{}", finding.text());
            }
        }
    }

    private static TreeSettings treeSettings(ServerConfig config, RandomGenerator random) {
        return new TreeSettings(
                config.tree().extendedTypesEnabled(),
                config.tree().emulate353Ttl(),
                config.tree().digestEnabled(),
                random.nextLong());
    }

    private static StartupScreen.State state(RecoveredTree recovered) {
        var tree = recovered.tree();
        return new StartupScreen.State(
                tree.lastZxid(),
                tree.znodeCount(),
                tree.sessions().count(),
                origin(recovered.files()));
    }

    private static String origin(Recovered files) {
        var snapshot = files.snapshot();
        if (snapshot == null) {
            return files.origin() == Recovered.Origin.NEW
                    ? "nothing: a new database"
                    : "the log alone";
        }
        return snapshot.path().getFileName()
                + " and "
                + files.txnsReplayed()
                + " logged transactions";
    }

    private static Environment environment(
            WitanVersion version, Map<String, String> jvmProperties) {
        return Environment.of(
                version.spoken(),
                ProcessFigures.hostName(),
                jvmProperties,
                () -> {
                    var runtime = Runtime.getRuntime();
                    return new long[] {
                        runtime.freeMemory(), runtime.maxMemory(), runtime.totalMemory()
                    };
                });
    }

    private static Duration sinceProcessStart() {
        return StartupScreen.timeToServe(
                new ProcessFigures(Path.of("/proc")).age(),
                System.getProperty("witan.launched"),
                System.currentTimeMillis());
    }

    private static int end(StartupErrors.Report report, PrintStream errors) {
        errors.println(report.text());
        return report.exitCode();
    }

    private static Map<String, String> jvmProperties() {
        var properties = new TreeMap<String, String>();
        for (String name : System.getProperties().stringPropertyNames()) {
            properties.put(name, System.getProperty(name));
        }
        return properties;
    }
}
