package io.witan.server.logging;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// Has SLF4J write a line an event to standard error. Chosen by name, `slf4j.provider`, as the
/// witan command does: nothing looks for it, and who embeds the server keeps a back end of his own.
/// It is here because of the time that others take before the first line (decision 0040).
public final class LineLogProvider implements SLF4JServiceProvider {

    /// The version of SLF4J's interface that this was written against.
    private static final String API = "2.0.99";

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();
    private final ILoggerFactory loggers =
            new LineLoggers(LogLevels.of(System.getProperties(), System.err::println), System.err);

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
        return API;
    }

    @Override
    public void initialize() {}
}
