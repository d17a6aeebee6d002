package io.witan.benchmarks;

import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.subject.Subject;

import java.util.List;

/// Runs the measurements that are not closed loops, those that were asked for. All but [FanOut]
/// give every subject a new process with a new data directory, in turn.
final class Specials {

    private final Settings settings;
    private final Progress progress;
    private final TestBed bed;

    Specials(Settings settings, List<Subject> subjects, Results results, Progress progress) {
        this.settings = settings;
        this.progress = progress;
        this.bed = new TestBed(settings, subjects, results, progress);
    }

    void run() {
        for (var special : Special.values()) {
            if (settings.specials().contains(special)) {
                progress.heading(special.description());
                run(special);
            }
        }
    }

    /// What is the same in every process (memory) is measured once.
    private void run(Special special) {
        var repeats = settings.repeats();
        var memory = new MemoryEach(bed);
        switch (special) {
            case START -> bed.each(special, settings.scale().starts(), new Starts(bed)::empty);
            case RESTART -> bed.each(special, 1, new Starts(bed)::withTree);
            case ZNODES -> bed.each(special, 1, memory::znodes);
            case WATCHES -> bed.each(special, 1, memory::watches);
            case SESSIONS -> bed.each(special, 1, new IdleSessions(bed)::measure);
            case FAN_OUT -> new FanOut(bed).run();
            case SNAPSHOT -> bed.each(special, repeats, new SnapshotWrites(bed)::measure);
            case LARGE -> bed.each(special, 1, new LargeTree(bed, memory)::measure);
        }
    }
}
