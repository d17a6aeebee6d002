package io.witan.interop.ensemble;

import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.ServerSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A place in an ensemble: an id, ports and a directory. What runs there may change.
final class Member {

    private static final Set<String> SERVING = Set.of("leader", "follower", "observer");

    private final Place place;
    private final Path home;
    private final ServerSettings settings;
    private ServerProcess process;

    Member(Place place, Path home, ServerSettings settings, Product product) {
        this.place = place;
        this.home = home;
        this.settings = settings;
        this.process = process(product);
        writeId();
    }

    int sid() {
        return place.sid();
    }

    Place place() {
        return place;
    }

    Product product() {
        return process.product();
    }

    ServerProcess process() {
        return process;
    }

    String connectString() {
        return process.connectString();
    }

    InetSocketAddress address() {
        return process.address();
    }

    /// Where its configuration is.
    Path home() {
        return home;
    }

    Path dataDir() {
        return process.dataDir();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void launch() {
        process.launch();
    }

    /// Launches the server and waits until it serves clients.
    void start() throws Exception {
        launch();
        awaitServing();
    }

    void awaitServing() throws Exception {
        Await.until(
                this + " serves",
                () -> {
                    if (!isAlive()) {
                        throw new AssertionError(this + " has ended by itself");
                    }
                    return SERVING.contains(mode());
                });
    }

    void stop() {
        process.stop();
    }

    void kill() {
        process.kill();
    }

    /// Stops the process where it is, as a machine does that hangs, and waits until each of its
    /// threads stands. The signal is delivered to one of them, and until that one has been
    /// scheduled the others go on.
    void freeze() throws Exception {
        long pid = process.signal("STOP").pid();
        Path threads = Path.of("/proc", Long.toString(pid), "task");
        if (Files.isDirectory(threads)) {
            Await.until(this + " stands still", () -> stand(threads));
        }
    }

    private static boolean stand(Path threads) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                // The state stands behind the name, which may hold anything.
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException threadHasEnded) {
            return false;
        }
    }

    /// The process goes on where it was.
    void thaw() {
        process.signal("CONT");
    }

    /// From now on the other product runs here, on the same directory.
    void replaceBy(Product product) {
        if (isAlive()) {
            throw new IllegalStateException(this + " runs");
        }
        process = process(product);
    }

    /// A new disk: nothing is left but the id.
    void loseDisk() {
        try (Stream<Path> files = Files.walk(dataDir())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writeId();
    }

    /// `leader`, `follower` or `observer`; empty or another word for a server that does not serve.
    String mode() {
        return valueAfter("Mode: ", process.probe("srvr"));
    }

    /// A figure of `mntr`; -1 if the server does not have it.
    long figure(String name) {
        String value = valueAfter(name + "\t", process.fourLetterWord("mntr"));
        return value.isEmpty() ? -1 : (long) Double.parseDouble(value);
    }

    private static String valueAfter(String name, String text) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }

    /// What its runs have printed, oldest first.
    List<Path> logs() {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.getFileName().toString().startsWith("run-"))
                    .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerProcess process(Product product) {
        return new ServerProcess(product, home, settings, place.clientPort());
    }

    private void writeId() {
        try {
            Files.createDirectories(dataDir());
            Files.writeString(dataDir().resolve("myid"), sid() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "server " + sid() + " (" + product() + ")";
    }
}
