package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.storage.DataDirectoryException;
import io.witan.storage.LogWriteException;
import io.witan.storage.SnapshotWriteException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

class StartupErrorsTest {

    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(2181);
    private static final InetSocketAddress SOMEWHERE = new InetSocketAddress("127.0.0.9", 81);

    @Test
    void a_port_in_use_is_named_with_the_way_to_another() {
        var report =
                StartupErrors.atStart(
                        PortException.of(
                                ANYWHERE,
                                new BindException("bind(..) failed: Address already in use")));

        assertThat(report.exitCode()).isEqualTo(1);
        assertThat(report.text())
                .contains("Client port 2181 on all addresses is in use by another process.")
                .contains("change clientPort");
    }

    @Test
    void an_address_of_another_machine_is_named_with_its_key() {
        var report =
                StartupErrors.atStart(
                        PortException.of(
                                SOMEWHERE, new BindException("Cannot assign requested address")));

        assertThat(report.text())
                .startsWith("127.0.0.9 is not an address of this machine")
                .contains("clientPortAddress");
    }

    @Test
    void a_port_below_1024_is_explained() {
        var report =
                StartupErrors.atStart(
                        PortException.of(SOMEWHERE, new BindException("Permission denied")));

        assertThat(report.text())
                .contains("client port 81 on 127.0.0.9")
                .contains("Ports below 1024 are for root");
    }

    @Test
    void any_other_reason_is_passed_on() {
        var report =
                StartupErrors.atStart(
                        PortException.of(SOMEWHERE, new BindException("No buffer space")));

        assertThat(report.text()).contains("cannot be opened: No buffer space.");
    }

    @Test
    void a_data_directory_that_cannot_be_used_has_the_exit_code_of_the_original() {
        var report =
                StartupErrors.atStart(new DataDirectoryException("dataDir: cannot write to /d."));

        assertThat(report).isEqualTo(new StartupErrors.Report(3, "dataDir: cannot write to /d."));
    }

    @Test
    void a_disk_that_is_full_at_the_start_does_not_read_as_if_the_server_went_on() {
        var report =
                StartupErrors.atStart(
                        new SnapshotWriteException(
                                Path.of("/d/version-2/snapshot.0"),
                                new IOException(
                                        "/d/version-2/snapshot.0: No space left on device")));

        assertThat(report.exitCode()).isEqualTo(3);
        assertThat(report.text())
                .contains("/d/version-2/snapshot.0: No space left on device")
                .contains("does not start")
                .contains("Check free space")
                .doesNotContain("goes on");
    }

    @Test
    void a_log_that_fails_while_serving_has_the_exit_code_of_the_original() {
        var report =
                StartupErrors.whileServing(
                        new LogWriteException(
                                Path.of("/d/version-2/log.1"),
                                "flush",
                                new IOException("I/O error")));

        assertThat(report.exitCode()).isEqualTo(10);
        assertThat(report.text()).contains("/d/version-2/log.1").contains("I/O error");
    }

    @Test
    void too_little_memory_names_the_switch() {
        assertThat(StartupErrors.atStart(new OutOfMemoryError("Java heap space")).text())
                .contains("SERVER_JVMFLAGS=-Xmx4g");
        assertThat(StartupErrors.whileServing(new OutOfMemoryError("Java heap space")).exitCode())
                .isEqualTo(1);
    }

    @Test
    void anything_else_is_a_defect_and_comes_with_its_trace() {
        var report = StartupErrors.atStart(new IllegalStateException("gap: 5, 7"));

        assertThat(report.exitCode()).isEqualTo(1);
        assertThat(report.text())
                .contains("gap: 5, 7")
                .contains("Please report")
                .contains("at io.witan.server");
    }
}
