package io.witan.interop.ensemble;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The recorded links in which a Witan server takes a part in a test. [RecordedLinksTest] counts
/// them.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Plays {

    /// Links that the Witan server opens.
    String[] diallers() default {};

    /// Links that are opened to it.
    String[] acceptors() default {};
}
