package io.witan.server.fourletter;

/// Who watches how much.
public record WatchSummary(int connections, int paths, long watches) {}
