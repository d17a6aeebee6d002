package io.witan.interop;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Carries out [AgainstBoth] and [AgainstWitan].
final class ServerExtension implements ClassTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public boolean mayReturnZeroClassTemplateInvocationContexts(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        var both = findAnnotation(test, AgainstBoth.class);
        if (both.isPresent()) {
            var settings =
                    new ServerSettings(
                            List.of(both.get().config()), List.of(both.get().jvmFlags()));
            return wanted(Product.values()).map(product -> new Against(product, settings));
        }
        var witan = findAnnotation(test, AgainstWitan.class).orElseThrow();
        var settings = new ServerSettings(List.of(witan.config()), List.of(witan.jvmFlags()));
        return wanted(Product.WITAN).map(product -> new Against(product, settings));
    }

    private static Stream<Product> wanted(Product... products) {
        String against = System.getProperty("witan.interop.against", "both");
        return Stream.of(products)
                .filter(product ->
                        against.equals("both")
                                || product.name().toLowerCase(Locale.ROOT).equals(against));
    }

    private record Against(Product product, ServerSettings settings)
            implements ClassTemplateInvocationContext {

        @Override
        public String getDisplayName(int invocationIndex) {
            return product.toString();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new SharedServer(product, settings));
        }
    }

    /// The server of one class, and the lab of the test that is running.
    private static final class SharedServer
            implements ParameterResolver, AfterEachCallback, AfterClassTemplateInvocationCallback {

        private final Product product;
        private final ServerSettings settings;
        private @Nullable Path home;
        private @Nullable ServerProcess server;
        private @Nullable Lab lab;

        SharedServer(Product product, ServerSettings settings) {
            this.product = product;
            this.settings = settings;
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == Lab.class || type == ServerProcess.class || type == Product.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            if (type == Product.class) {
                return product;
            }
            if (type == ServerProcess.class) {
                return running();
            }
            if (lab == null) {
                lab = new Lab(running(), context.getRequiredTestMethod().getName());
            }
            return lab;
        }

        private ServerProcess running() {
            if (server == null) {
                try {
                    home = Files.createTempDirectory("witan-interop-");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                server = new ServerProcess(product, home, settings);
            }
            if (!server.isAlive()) {
                server.start();
            }
            return server;
        }

        @Override
        public void afterEach(ExtensionContext context) {
            if (lab != null) {
                lab.close();
                lab = null;
            }
        }

        @Override
        public void afterClassTemplateInvocation(ExtensionContext context) throws IOException {
            if (server != null) {
                server.close();
            }
            if (home != null) {
                try (Stream<Path> files = Files.walk(home)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }
}
