package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.Test;

import java.nio.channels.NotYetConnectedException;

class DiallerTest {

    /// A socket that is refused can become readable for it; netty would print a stack trace about
    /// that, and no operator can do anything about it.
    @Test
    void what_goes_wrong_before_there_is_a_connection_is_not_told_twice() {
        var channel = new EmbeddedChannel(new Dialler.Unconnected());

        channel.pipeline().fireExceptionCaught(new NotYetConnectedException());

        assertThatCode(channel::checkException).doesNotThrowAnyException();
    }
}
