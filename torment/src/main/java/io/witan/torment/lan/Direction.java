package io.witan.torment.lan;

import java.util.Comparator;

/// One way between two machines. 0 is the machine of the clients, the others are servers.
public record Direction(long from, long to) implements Comparable<Direction> {

    @Override
    public int compareTo(Direction other) {
        return Comparator.comparingLong(Direction::from)
                .thenComparingLong(Direction::to)
                .compare(this, other);
    }
}
