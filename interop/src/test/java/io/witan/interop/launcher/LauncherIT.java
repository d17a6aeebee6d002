package io.witan.interop.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

class LauncherIT {

    private static final Path LAUNCHER = Path.of("..", "witan").toAbsolutePath().normalize();

    @TempDir private Path directory;
    private Checkout checkout;

    @SuppressWarnings("NullAway.Init") // JUnit fills in the fields
    LauncherIT() {}

    @BeforeEach
    void aCheckout() throws IOException {
        checkout = new Checkout(directory, LAUNCHER);
    }

    private static final String WITHOUT_PROFILES = "-XX:-AOTRecordTraining";
    private static final Path NATIVE = Path.of("native", "META-INF", "native");

    @Test
    void the_jdk_of_JAVA_HOME_goes_before_those_in_the_usual_places() throws Exception {
        checkout.built().jdk("a-usual", "25.0.1");
        Path mine = checkout.jdk("mine", "26");

        var result = checkout.with("JAVA_HOME", mine.toString()).run("server");

        assertThat(result.lines()).contains("java of mine", "io.witan.cli.Main");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void a_jdk_that_is_too_old_is_passed_over() throws Exception {
        checkout.built().jdk("b-new", "25.0.3");
        Path old = checkout.jdk("a-old", "17.0.15");

        var result = checkout.with("JAVA_HOME", old.toString()).run("server");

        assertThat(result.lines()).contains("java of b-new");
    }

    @Test
    void when_every_jdk_is_too_old_it_names_them_and_says_what_to_install() throws Exception {
        checkout.built().jdk("eight", "1.8.0_402");
        Path old = checkout.jdk("seventeen", "17.0.15");

        var result = checkout.with("JAVA_HOME", old.toString()).run("server");

        assertThat(result.output())
                .contains("needs a JDK of version 25 or newer")
                .contains("Java 17 in " + old)
                .contains("Java 8 in " + checkout.path("jdks/eight"))
                .contains("openjdk-25-jdk")
                .contains("JAVA_HOME=");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void without_any_jdk_it_says_so() throws Exception {
        var result = checkout.built().run("server");

        assertThat(result.output()).contains("found none").contains("Install one");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void flags_from_everywhere_reach_the_jvm_and_the_operators_come_last() throws Exception {
        checkout.built().jdk("jdk", "25");

        var result =
                checkout.with("ZK_SERVER_HEAP", "700")
                        .with("SERVER_JVMFLAGS", "-Xms64m -Done=1")
                        .with("JVMFLAGS", "-Dtwo=2")
                        .run(
                                "server",
                                "-Dzookeeper.snapCount=5000",
                                "-Dspace=a b",
                                "-Xmx900m",
                                "my zoo.cfg");

        assertThat(result.lines())
                .containsSubsequence(
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx700m",
                        "-Xms64m",
                        "-Done=1",
                        "-Dtwo=2",
                        "-Dzookeeper.snapCount=5000",
                        "-Dspace=a b",
                        "-Xmx900m",
                        "-cp",
                        "io.witan.cli.Main",
                        "server",
                        "my zoo.cfg");
        assertThat(result.lines()).endsWith("server", "my zoo.cfg");
    }

    /// A JDK refuses to start with a flag that it does not know, and newer ones forget some.
    @Test
    void a_flag_that_the_jdk_does_not_know_is_left_out_of_the_training() throws Exception {
        checkout.built();
        Path log = checkout.path("cli/target/training.log");
        Path knows = checkout.jdk("knows", "25");
        checkout.with("JAVA_HOME", knows.toString()).run("server");
        assertThat(log).content().contains("io.witan.cli.Training", WITHOUT_PROFILES);

        Path knowsNot = checkout.jdkWithout("knows-not", "27", WITHOUT_PROFILES);
        checkout.with("JAVA_HOME", knowsNot.toString()).run("server");
        assertThat(log)
                .content()
                .contains("java of knows-not", "io.witan.cli.Training")
                .doesNotContain(WITHOUT_PROFILES);
    }

    /// It is what the time until the server is ready begins with.
    @Test
    void the_server_is_told_when_a_build_was_over() throws Exception {
        checkout.built().jdk("jdk", "25");
        assertThat(checkout.run("server").output()).contains("-Dwitan.launched=");

        // What is trained once needs nothing the next time.
        checkout.file("cli/target/witan.aot", "");
        assertThat(checkout.run("server").output()).doesNotContain("-Dwitan.launched=");
    }

    @Test
    void it_works_through_a_symbolic_link() throws Exception {
        checkout.built().jdk("jdk", "25");
        Path elsewhere = Files.createDirectory(checkout.path("elsewhere"));
        Files.createSymbolicLink(elsewhere.resolve("witan"), Path.of("../witan"));
        Files.move(checkout.path("witan"), checkout.path("real"));
        Files.createSymbolicLink(checkout.path("witan"), checkout.path("real"));

        var result = checkout.run("server");

        assertThat(result.output()).contains(checkout.path("cli/target/witan-cli.jar").toString());
    }

    @Test
    void a_checkout_is_built_with_visible_progress_and_only_when_something_changed()
            throws Exception {
        checkout.jdk("jdk", "25");
        aSourceTree();
        checkout.program(
                "maven",
                """
                echo "$@" >> %1$s/builds.txt
                echo '[INFO] Building Witan wire 0.1.0-SNAPSHOT                [2/7]'
                mkdir -p %1$s/cli/target/lib
                : > %1$s/cli/target/witan-cli.jar
                """
                        .formatted(directory));
        checkout.with("MAVEN", checkout.path("maven").toString());

        assertThat(checkout.run("server").output()).contains("Building Witan;", "  Witan wire");
        assertThat(checkout.run("server").output()).doesNotContain("Building");
        assertThat(checkout.path("builds.txt")).content().hasLineCount(1);

        Files.setLastModifiedTime(
                checkout.path("wire/src/main/java/Changed.java"),
                FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(checkout.run("server").output()).contains("Building Witan;");
        assertThat(checkout.path("builds.txt")).content().hasLineCount(2);
    }

    @Test
    void a_build_that_fails_shows_its_errors_and_where_the_rest_is() throws Exception {
        checkout.jdk("jdk", "25");
        aSourceTree();
        checkout.program(
                "maven", "echo '[INFO] busy'; echo '[ERROR] Broken.java: no such type'; exit 1");

        var result = checkout.with("MAVEN", checkout.path("maven").toString()).run("server");

        assertThat(result.output())
                .contains("[ERROR] Broken.java: no such type")
                .contains(checkout.path("target/build.log").toString())
                .doesNotContain("busy", "io.witan.cli.Main");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void without_maven_it_says_what_to_install() throws Exception {
        checkout.jdk("jdk", "25");
        aSourceTree();

        var result = checkout.run("server");

        assertThat(result.output())
                .contains("Maven 3.8.6 or newer")
                .contains("apt-get install maven");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void the_process_becomes_the_server_and_takes_signals_itself() throws Exception {
        Path app = checkout.path("cli/target");
        Files.createDirectories(app.resolve("lib"));
        copyJars(Path.of("..", "cli", "target"), app);
        copyJars(Path.of("..", "cli", "target", "lib"), app.resolve("lib"));
        copyNativeLibraries(Path.of("..", "cli", "target"), app);
        Path config =
                checkout.file(
                        "zoo.cfg",
                        "clientPort=0\nunknownKey=1\ndataDir=" + checkout.path("data") + "\n");
        checkout.with("JAVA_HOME", System.getProperty("java.home"))
                .with("SERVER_JVMFLAGS", "-Xmx128m");
        Path output = checkout.path("server.txt");

        Process process = checkout.start(output, "server", config.toString());
        try {
            awaitServing(process, output);

            assertThat(app.resolve("witan.aot")).as(Files.readString(output)).exists();
            assertThat(process.info().command().orElse("")).endsWith("java");
            assertThat(output)
                    .content()
                    .containsPattern(
                            "(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} WARN [A-Z].*unknownKey")
                    .doesNotContain("SLF4J");
            assertThat(Path.of("/proc", process.pid() + "", "maps"))
                    .as("libraries are used where the build has put them")
                    .content()
                    .contains(app.resolve(NATIVE).toRealPath().toString());

            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }

    private void aSourceTree() throws IOException {
        checkout.file("pom.xml", "");
        checkout.file("wire/pom.xml", "");
        checkout.file("wire/src/main/java/Changed.java", "");
    }

    private static void copyJars(Path from, Path to) throws IOException {
        assertThat(from).as("the build of cli").isDirectoryContaining("glob:**.jar");
        try (var files = Files.newDirectoryStream(from, "*.jar")) {
            for (Path jar : files) {
                Files.copy(jar, to.resolve(jar.getFileName()));
            }
        }
    }

    private static void copyNativeLibraries(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolve(NATIVE));
        try (var files = Files.newDirectoryStream(from.resolve(NATIVE), "*.so")) {
            for (Path library : files) {
                Files.copy(library, to.resolve(NATIVE).resolve(library.getFileName()));
            }
        }
    }

    private static void awaitServing(Process process, Path output) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
        while (!Files.readString(output).contains("ready ")) {
            assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
            assertThat(System.nanoTime()).as(Files.readString(output)).isLessThan(giveUp);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
