package io.witan.torment;

import io.witan.torment.lan.Shell;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Namespaces of our own: network, mounts and processes. What is made in them is seen by nobody
/// outside, and when their first process ends, however it ends, the system removes all of it:
/// servers, links and file systems.
final class Enclosure {

    /// What must be possible inside.
    private static final String PROBE =
            "mount -t tmpfs tmpfs /run; mkdir /run/netns; ip link set lo up; ip netns add probe;"
                    + " ip link add probe0 netns probe type veth peer name probe1;"
                    + " ip -n probe addr add 10.77.0.1/30 dev probe0;"
                    + " ip -n probe link set probe0 up;"
                    + " ip -n probe rule add pref 100 from 10.77.0.2 to 10.77.1.2 blackhole;"
                    + " tc -n probe qdisc add dev probe0 root tbf rate 1mbit burst 3kb latency 1s;"
                    + " nsenter --net=/run/netns/probe"
                    + " sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'";

    private static final List<String> AS_ROOT =
            List.of(
                    "unshare",
                    "--net",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "--mount-proc");

    /// Many systems let anybody be root within a user namespace.
    private static final List<String> AS_ANYBODY =
            List.of(
                    "unshare",
                    "--user",
                    "--map-root-user",
                    "--net",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "--mount-proc");

    private Enclosure() {}

    /// What a command must begin with to run inside.
    ///
    /// @param command null if the system does not permit it
    /// @param reason what the system said then
    record Entrance(@Nullable List<String> command, String reason) {}

    static Entrance find() {
        Shell.Result asRoot = Shell.run(AS_ROOT, PROBE);
        if (asRoot.exitCode() == 0) {
            return new Entrance(AS_ROOT, "");
        }
        if (Shell.run(AS_ANYBODY, PROBE).exitCode() == 0) {
            return new Entrance(AS_ANYBODY, "");
        }
        return new Entrance(null, asRoot.output().strip());
    }

    /// Once, inside, before anything else.
    static void furnish() {
        Shell.must("mount -t tmpfs tmpfs /run; mkdir /run/netns");
    }
}
