package io.witan.server;

import io.witan.server.config.ConfigFileException;
import io.witan.server.config.ConfigReader;
import io.witan.server.config.InvalidConfigException;
import io.witan.server.config.LoadedConfig;
import io.witan.server.config.ServerConfig;
import io.witan.server.config.StorageConfig;
import io.witan.server.config.UsageException;
import io.witan.storage.DataDirectory;
import io.witan.storage.PosixDisk;
import io.witan.storage.StorageException;
import io.witan.tree.TreeSettings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.BindException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Where the server's process begins: reads the settings, recovers the state, opens the port, and
/// waits for a signal or a failure.
public final class ServerMain {

    // Exit codes of the original, which init systems look at (inventory, A29).
    static final int FINISHED = 0;
    static final int UNEXPECTED_ERROR = 1;
    static final int INVALID_INVOCATION = 2;
    static final int DATA_DIRECTORY_UNUSABLE = 3;
    static final int LOG_FAILED = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ServerMain.class);

    private ServerMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        LoadedConfig loaded;
        try {
            loaded = new ConfigReader(jvmProperties()).read(arguments);
        } catch (UsageException | ConfigFileException | InvalidConfigException problem) {
            System.err.println(problem.getMessage());
            return INVALID_INVOCATION;
        }
        ServerConfig config = loaded.config();
        loaded.notices().forEach(LOG::warn);
        StorageConfig storage = config.storage();
        try (var directory =
                DataDirectory.open(
                        new PosixDisk(),
                        storage.dataDir(),
                        storage.logDir(),
                        storage.createDirectories())) {
            var random = new SecureRandom();
            RecoveredTree recovered =
                    RecoveredTree.recover(
                            directory,
                            storage.recovery(),
                            new TreeSettings(
                                    config.tree().extendedTypesEnabled(),
                                    config.tree().emulate353Ttl(),
                                    config.tree().digestEnabled(),
                                    random.nextLong()),
                            storage.snapshots().compression(),
                            (file, done, total) -> {});
            return serve(config, directory, recovered, new SplittableRandom(random.nextLong()));
        } catch (BindException taken) {
            System.err.println(taken.getMessage());
            return UNEXPECTED_ERROR;
        } catch (StorageException unusable) {
            System.err.println(unusable.getMessage());
            return DATA_DIRECTORY_UNUSABLE;
        }
    }

    private static int serve(
            ServerConfig config,
            DataDirectory directory,
            RecoveredTree recovered,
            RandomGenerator random)
            throws BindException {
        var server = new Server(config, directory, recovered, random);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "witan-stop"));
        System.out.printf(
                "Witan serves on %s, zxid 0x%x, %d znodes%n",
                server.address(), recovered.tree().lastZxid(), recovered.tree().znodeCount());
        Throwable failure = server.failure().join();
        LOG.error("The server ends: {}", failure.getMessage(), failure);
        return failure instanceof StorageException ? LOG_FAILED : UNEXPECTED_ERROR;
    }

    private static Map<String, String> jvmProperties() {
        var properties = new TreeMap<String, String>();
        for (String name : System.getProperties().stringPropertyNames()) {
            properties.put(name, System.getProperty(name));
        }
        return properties;
    }
}
