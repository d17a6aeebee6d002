package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/// What a server that does not start tells its operator. Members move aside by themselves what is
/// damaged; a server that is alone would begin with nothing if somebody did that for it.
class AdviceTest {

    @Test
    void nobody_is_told_to_move_away_the_only_data_there_are() {
        var damaged = DamagedLogException.gap(null, Path.of("log.3"), 16, 1, 3);
        var noSnapshot = NoUsableSnapshotException.allBad(Path.of("version-2"), List.of("torn"));

        for (var refusal : List.of(damaged, noSnapshot)) {
            assertThat(refusal)
                    .hasMessageContaining("does not start")
                    .hasMessageContaining("docs/operations/damaged-log.md")
                    .hasMessageNotContaining("aside");
        }
    }
}
