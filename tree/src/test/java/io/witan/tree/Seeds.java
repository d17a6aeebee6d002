package io.witan.tree;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Runs a property with the seeds 1 to N. `-Dseed=N` replays one; `-Dseeds=N` runs that many, from
/// a place that differs each time.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "seed {0}")
@ArgumentsSource(Seeds.Source.class)
@interface Seeds {

    int value();

    /// Reads the annotation and the properties.
    final class Source implements ArgumentsProvider, AnnotationConsumer<Seeds> {

        private int count;

        @Override
        public void accept(Seeds seeds) {
            count = seeds.value();
        }

        @Override
        public Stream<Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            Long one = Long.getLong("seed");
            if (one != null) {
                return Stream.of(Arguments.of(one));
            }
            Integer many = Integer.getInteger("seeds");
            long first = many == null ? 1 : System.nanoTime() / 1000 * 1000;
            return LongStream.range(first, first + (many == null ? count : many))
                    .mapToObj(Arguments::of);
        }
    }
}
