package io.witan.simulation.server;

import io.witan.storage.Disk;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;

import org.jspecify.annotations.Nullable;

/// A seeded defect of a server outside of its agreement machine: what it is made to do wrong
/// between an effect and the port that carries it out. [#NONE] does everything right.
public interface HostMutation {

    HostMutation NONE = new HostMutation() {};

    /// When the server starts.
    ///
    /// @return what it is given for its disk
    default Disk disk(Disk disk) {
        return disk;
    }

    /// Before an effect is carried out.
    ///
    /// @return what is carried out instead; null for nothing. A storage effect that is left out is
    ///   reported as durable all the same
    default @Nullable Effect carryOut(Effect effect) {
        return effect;
    }

    /// Whether a storage effect is reported as durable as soon as it is given to the disk.
    default boolean reportsBeforeDurable(Effect.OnDisk effect) {
        return false;
    }

    /// Before the server hears of a packet.
    ///
    /// @return what it hears instead; null for nothing
    default @Nullable QuorumPacket deliver(QuorumPacket packet) {
        return packet;
    }

    /// Before a client's frame goes out; not changed in place.
    ///
    /// @return what goes out instead; null for nothing
    default byte @Nullable [] reply(byte[] bytes) {
        return bytes;
    }
}
