package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.metrics.Counter;
import io.witan.replica.metrics.Distribution;
import io.witan.replica.metrics.MetricSet;
import io.witan.server.metrics.EnsembleMetrics;
import io.witan.server.metrics.ShellMetrics;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The figures of `mntr` on the page about four-letter words. `-Dwitan.docs=write` writes them
/// anew.
class FourLetterWordsPageTest {

    private static final Path PAGE = Path.of("../docs/operations/four-letter-words.md");

    private static final String BEGIN =
            "<!-- From here on written from the metrics of the code: see FourLetterWordsPageTest. -->\n";

    private static final String END =
            """

            The last ten are of members of ensembles only.

            Left out of what an Apache server shows: figures of single proposals (`commit_count`, `proposal_latency`,
            `quorum_ack_latency`, `ack_latency` and their like), of parts that do not exist here (commit processor, request
            throttle, response caches, dead watchers, queues between pipeline threads and to learners), of ports that this
            version does not have (TLS, administration), and bytes read and written by namespace. A figure that would be 0
            for ever says nothing; it comes with the part that it is about.
            """;

    @Test
    void shows_the_figures_as_they_are() throws IOException {
        var page = Files.readString(PAGE);
        var head = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        var text = new StringBuilder("\n| name | kind | |\n| --- | --- | --- |\n");
        for (var set :
                List.of(new CoreMetrics().all, new ShellMetrics().all, new EnsembleMetrics().all)) {
            set.named().forEach(named -> text.append(row(named)));
        }
        var wanted = head + text + END;
        if ("write".equals(System.getProperty("witan.docs"))) {
            Files.writeString(PAGE, wanted);
        }

        assertThat(page).as("run this test with -Dwitan.docs=write").isEqualTo(wanted);
    }

    private static String row(MetricSet.Named named) {
        var kind =
                switch (named.metric()) {
                    case Counter _ -> "counter";
                    case Distribution _ -> "distribution";
                    default -> "summary";
                };
        return "| `%s` | %s | %s |%n".formatted(named.name(), kind, named.meaning());
    }
}
