package io.witan.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// One row of the report: a workload under one kind of load.
///
/// @param depth unanswered requests a connection may have; 1 is a synchronous client
/// @param dataBytes the size of the znodes' data
public record Cell(Workload workload, int connections, int depth, int dataBytes) {

    private static final int SMALL = 100;
    private static final int LARGE = 1024;

    public String load() {
        return depth == 1
                ? "%d sync".formatted(connections)
                : "%d × %d".formatted(connections, depth);
    }

    public String label() {
        return "%s %s, %s".formatted(workload.id(), load(), size());
    }

    public String size() {
        return dataBytes == LARGE ? "1 KiB" : dataBytes + " B";
    }

    /// Every workload by one client's worth of waiting (10 synchronous connections) and by enough
    /// work to fill the server (10 connections, 10 deep); the two that everything else is made of,
    /// getData and setData, over the whole range of connections, depths and sizes.
    static List<Cell> standard() {
        var cells = new ArrayList<Cell>();
        for (var workload : List.of(Workload.GET_DATA, Workload.SET_DATA)) {
            cells.add(new Cell(workload, 1, 1, SMALL));
            cells.add(new Cell(workload, 10, 1, SMALL));
            cells.add(new Cell(workload, 100, 1, SMALL));
            cells.add(new Cell(workload, 10, 10, SMALL));
            cells.add(new Cell(workload, 10, 100, SMALL));
            cells.add(new Cell(workload, 100, 10, SMALL));
            cells.add(new Cell(workload, 10, 1, LARGE));
            cells.add(new Cell(workload, 10, 10, LARGE));
        }
        for (var workload :
                List.of(
                        Workload.EXISTS,
                        Workload.GET_CHILDREN,
                        Workload.MIX_90_10,
                        Workload.MIX_50_50,
                        Workload.MULTI,
                        Workload.CREATE_DELETE,
                        Workload.EPHEMERAL,
                        Workload.CREATE)) {
            cells.add(new Cell(workload, 1, 1, SMALL));
            cells.add(new Cell(workload, 10, 1, SMALL));
            cells.add(new Cell(workload, 100, 1, SMALL));
            cells.add(new Cell(workload, 10, 10, SMALL));
            cells.add(new Cell(workload, 10, 1, LARGE));
        }
        return cells;
    }

    static List<Cell> quick() {
        var cells = new ArrayList<Cell>();
        for (var workload : Workload.values()) {
            cells.add(new Cell(workload, 10, 1, SMALL));
        }
        cells.add(new Cell(Workload.GET_DATA, 10, 10, SMALL));
        cells.add(new Cell(Workload.SET_DATA, 10, 10, SMALL));
        return cells;
    }
}
