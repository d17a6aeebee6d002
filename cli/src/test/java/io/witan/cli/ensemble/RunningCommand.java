package io.witan.cli.ensemble;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `witan ensemble` in a process, and what it says.
final class RunningCommand implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final List<String> said = new ArrayList<>();
    private int forgotten;

    private RunningCommand(Process process) {
        this.process = process;
        this.output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static RunningCommand start(List<String> options) throws IOException {
        var line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                "io.witan.cli.Main",
                                "ensemble"));
        line.addAll(options);
        return new RunningCommand(new ProcessBuilder(line).redirectErrorStream(true).start());
    }

    /// A line of that form, said since the last [#forget] or yet to come.
    Matcher await(String form) throws IOException {
        var pattern = Pattern.compile(form);
        for (String line : said.subList(forgotten, said.size())) {
            Matcher matcher = pattern.matcher(line.strip());
            if (matcher.matches()) {
                return matcher;
            }
        }
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            Matcher matcher = pattern.matcher(line.strip());
            if (matcher.matches()) {
                return matcher;
            }
        }
        throw new AssertionError(
                "The command ended without saying %s, but:\n%s"
                        .formatted(form, String.join("\n", said)));
    }

    /// What has been said is not awaited any more.
    void forget() {
        forgotten = said.size();
    }

    List<String> said() {
        return said;
    }

    List<ProcessHandle> servers() {
        return process.descendants().toList();
    }

    /// Leaves its output to be read, which [Process#destroy] does not.
    void terminate() {
        process.toHandle().destroy();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        List<ProcessHandle> servers = servers();
        process.destroy();
        process.onExit().join();
        servers.forEach(ProcessHandle::destroyForcibly);
    }
}
