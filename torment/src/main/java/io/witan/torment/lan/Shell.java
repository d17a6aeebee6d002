package io.witan.torment.lan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Runs the tools of the system.
public final class Shell {

    private Shell() {}

    /// What a script has said, and its exit code.
    public record Result(int exitCode, String output) {}

    /// Runs a script that must succeed.
    public static void must(String script) {
        Result result = run(script);
        if (result.exitCode() != 0) {
            throw new IllegalStateException(
                    "exit code " + result.exitCode() + " of: " + script + "\n" + result.output());
        }
    }

    public static Result run(String script) {
        return run(List.of(), script);
    }

    /// Runs a script behind a prefix such as `unshare ...`.
    public static Result run(List<String> prefix, String script) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("sh", "-ec", script));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted in: " + script, e));
        }
    }
}
