package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.subject.SetupException;
import io.witan.benchmarks.subject.Subject;

import java.util.List;

/// Measures the same at several sizes, each on new servers, to see how costs grow.
final class Scale {

    private final TestBed bed;
    private final boolean quick;

    Scale(TestBed bed, boolean quick) {
        this.bed = bed;
        this.quick = quick;
    }

    void run(List<Dimension> dimensions) {
        for (var dimension : dimensions) {
            bed.heading(dimension.title());
            var turn = 0;
            for (var size : dimension.sizes(quick)) {
                turn++;
                for (var subject : Turns.of(bed.subjects(), turn)) {
                    measure(dimension, size, subject);
                }
            }
        }
    }

    private void measure(Dimension dimension, int size, Subject subject) {
        bed.awaitQuiet();
        var at = new ScaleBed(bed, dimension, subject.name(), size);
        try {
            switch (dimension) {
                case ZNODES -> new ScaleOfTree(at).measure(subject);
                case SESSIONS -> new ScaleOfSessions(at).measure(subject);
                case WATCHES -> new ScaleOfWatches(at).measure(subject);
                case CHILDREN -> new ScaleOfChildren(at).measure(subject);
                case DATA -> new ScaleOfData(at).measure(subject);
                case SERVERS -> new ScaleOfEnsemble(at).measure(subject);
            }
        } catch (LoadFailureException | SetupException e) {
            bed.failed(subject.name(), "%,d %s".formatted(size, dimension.title()), e);
        }
    }
}
