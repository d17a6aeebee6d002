package io.witan.benchmarks;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.machine.CpuTimes;

import java.util.List;

/// What servers, the generator and all others used in the measured part of a closed loop.
final class CpuMeter implements LoadGenerator.Boundary {

    private final List<ProcessHandle> servers;
    private CpuTimes begin;
    private CpuTimes end;

    CpuMeter(List<ProcessHandle> servers) {
        this.servers = servers;
        begin = CpuTimes.now(servers);
        end = begin;
    }

    @Override
    public void begin() {
        begin = CpuTimes.now(servers);
    }

    @Override
    public void end() {
        end = CpuTimes.now(servers);
    }

    CpuTimes used() {
        return end.since(begin);
    }
}
