package io.witan.benchmarks.subject;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Apache ZooKeeper from its published jars, run as its own start script would run it.
public final class ApacheZooKeeper implements Subject {

    public static final String VERSION = "3.9.4";

    private static final String MAIN_CLASS = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

    private final Path classPathFile;
    private final Path logConfiguration;

    /// @param classPathFile written by the build: the class path of the server, in one line
    /// @param logConfiguration the logging that Apache ships: INFO to the console. Without one its
    ///   logging library would write every DEBUG line, which would be no fair race
    public ApacheZooKeeper(Path classPathFile, Path logConfiguration) {
        this.classPathFile = classPathFile;
        this.logConfiguration = logConfiguration;
    }

    @Override
    public String name() {
        return "apache";
    }

    @Override
    public String description() {
        return "Apache ZooKeeper %s from Maven Central, started by `java %s`"
                .formatted(VERSION, MAIN_CLASS);
    }

    @Override
    public void check() {
        var jars = classPath().split(File.pathSeparator);
        for (var jar : jars) {
            if (!Files.isReadable(Path.of(jar))) {
                throw missing("%s, which %s names, is not there".formatted(jar, classPathFile));
            }
        }
    }

    @Override
    public List<String> command(Path config, JvmFlags flags) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags.all());
        command.add("-Dlogback.configurationFile=" + logConfiguration);
        command.addAll(List.of("-cp", classPath(), MAIN_CLASS, config.toString()));
        return command;
    }

    private String classPath() {
        if (!Files.isReadable(classPathFile)) {
            throw missing("%s is not there".formatted(classPathFile));
        }
        try {
            return Files.readString(classPathFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SetupException missing(String what) {
        return new SetupException(
                """
                The jars of Apache ZooKeeper %s are missing: %s. \
                Run 'mvn -q -pl benchmarks/apache generate-resources', which takes them from Maven \
                Central, or './witan bench', which does that by itself.\
                """
                        .formatted(VERSION, what));
    }
}
