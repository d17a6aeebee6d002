import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Checks or applies google-java-format (AOSP style, 100 columns) on every Java file of the house.
///
///     mvn -N verify                     fails and names the files that are not formatted
///     mvn -N verify -Dformat=apply      formats them
///
/// Run by the parent pom with the toolchain's JDK, because the formatter parses with the javac of
/// the JVM that it runs on.
public final class Format {

    private final Formatter formatter =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());
    private final boolean apply;
    private final List<Path> unformatted = new ArrayList<>();
    private final List<String> unparseable = new ArrayList<>();

    private Format(boolean apply) {
        this.apply = apply;
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 2 || !List.of("check", "apply", "skip").contains(args[0])) {
            System.err.println("Usage: Format check|apply|skip DIRECTORY");
            System.exit(2);
        }
        if (args[0].equals("skip")) {
            return;
        }
        var root = Path.of(args[1]);
        var format = new Format(args[0].equals("apply"));
        for (Path file : javaFilesUnder(root)) {
            format.visit(file);
        }
        System.exit(format.report(root) ? 0 : 1);
    }

    private static List<Path> javaFilesUnder(Path root) throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path dir, BasicFileAttributes attributes) {
                        String name = dir.getFileName().toString();
                        boolean hidden = name.startsWith(".") && !dir.equals(root);
                        return hidden || name.equals("target")
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(".java")) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files.stream().sorted().toList();
    }

    private void visit(Path file) throws IOException {
        String before = Files.readString(file);
        String after;
        try {
            String imports = ImportOrderer.reorderImports(before, Style.AOSP);
            after = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(imports));
        } catch (FormatterException e) {
            unparseable.add(file + ": " + e.getMessage());
            return;
        }
        if (!after.equals(before)) {
            unformatted.add(file);
            if (apply) {
                Files.writeString(file, after);
            }
        }
    }

    private boolean report(Path root) {
        unparseable.forEach(problem -> System.err.println("Cannot parse " + problem));
        for (Path file : unformatted) {
            System.err.println((apply ? "Formatted " : "Not formatted: ") + root.relativize(file));
        }
        if (!apply && !unformatted.isEmpty()) {
            System.err.println("To format them: mvn -N verify -Dformat=apply");
        }
        return unparseable.isEmpty() && (apply || unformatted.isEmpty());
    }
}
