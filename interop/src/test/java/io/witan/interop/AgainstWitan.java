package io.witan.interop;

import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Runs every test of the class against Witan only: for what the original gets wrong on purpose of
/// the test, or does not promise. Otherwise as [AgainstBoth].
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(ServerExtension.class)
public @interface AgainstWitan {

    /// Lines of `zoo.cfg` for the server of this class.
    String[] config() default {};

    /// Flags for the server's JVM.
    String[] jvmFlags() default {};
}
