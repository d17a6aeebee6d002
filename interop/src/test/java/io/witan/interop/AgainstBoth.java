package io.witan.interop;

import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Runs every test of the class against an Apache server, and then against Witan. Where the two do
/// not do the same, one of the runs fails.
///
/// The tests of one class and product share a server; test methods get it through a [Lab] or
/// [ServerProcess] parameter. `-Dwitan.interop.against=apache` or `=witan` runs one half only.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(ServerExtension.class)
public @interface AgainstBoth {

    /// Lines of `zoo.cfg` for the servers of this class.
    String[] config() default {};

    /// Flags for the servers' JVM.
    String[] jvmFlags() default {};
}
