package io.witan.benchmarks.report;

import java.util.Locale;
import java.util.stream.Collectors;

/// Every single value, for whoever wants to compute something else from them.
public final class Csv {

    private static final String HEAD = "name,load,size,metric,unit,subject,repeat,value\n";

    private Csv() {}

    public static String of(Results results) {
        return results.measurements().stream()
                .map(Csv::line)
                .collect(Collectors.joining("\n", HEAD, "\n"));
    }

    private static String line(Measurement measurement) {
        var row = measurement.row();
        return String.join(
                ",",
                quoted(row.name()),
                quoted(row.load()),
                quoted(row.size()),
                measurement.metric().name().toLowerCase(Locale.ROOT),
                measurement.metric().unit(),
                measurement.subject(),
                Integer.toString(measurement.repeat()),
                String.format(Locale.ROOT, "%.4f", measurement.value()));
    }

    private static String quoted(String text) {
        return text.indexOf(',') < 0 ? text : '"' + text + '"';
    }
}
