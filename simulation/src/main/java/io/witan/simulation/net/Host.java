package io.witan.simulation.net;

/// A machine on the network.
///
/// @param number sid of a server; clients have negative numbers
public record Host(long number) implements Comparable<Host> {

    public static Host server(long sid) {
        return new Host(sid);
    }

    public static Host client(int number) {
        return new Host(-number);
    }

    /// As servers see it.
    public String address() {
        return "10.0." + (isServer() ? 1 : 0) + "." + Math.abs(number) % 250;
    }

    public boolean isServer() {
        return number >= 0;
    }

    @Override
    public int compareTo(Host other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return isServer() ? "s" + number : "c" + -number;
    }
}
