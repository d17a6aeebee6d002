package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

class LogWriteExceptionTest {

    @Test
    void a_reason_that_only_the_class_of_an_exception_tells_is_told_in_words() {
        assertThat(LogWriteException.describe(new AccessDeniedException("/data")))
                .isEqualTo("/data: permission denied");
        assertThat(LogWriteException.describe(new NoSuchFileException("/data")))
                .isEqualTo("/data: no such file or directory");
        assertThat(LogWriteException.describe(new IOException("No space left on device")))
                .isEqualTo("No space left on device");
    }
}
