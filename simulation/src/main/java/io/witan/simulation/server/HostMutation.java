package io.witan.simulation.server;

import io.witan.storage.Disk;
import io.witan.storage.testing.FakeDisk;
import io.witan.tree.ZnodeTree;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;

import org.jspecify.annotations.Nullable;

/// A seeded defect of a server outside of its agreement machine: what it is made to do wrong
/// between an effect and the port that carries it out. Or what happens to it from outside: to its
/// settings, or to its disk while it is down. [#NONE] does everything right.
public interface HostMutation {

    HostMutation NONE = new HostMutation() {};

    /// When the server starts.
    ///
    /// @return how it is set up
    default ServerPlan plan(ServerPlan plan) {
        return plan;
    }

    /// When the server is gone: what becomes of its disk before it starts again.
    ///
    /// @return whether some of what it had may be lost by that
    default boolean whileDown(FakeDisk disk) {
        return false;
    }

    /// When the server has read its disk.
    ///
    /// @param tree what it has made of it, to be changed in place
    default void loaded(ZnodeTree tree) {}

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

    /// Before the first message on a connection between election ports goes out.
    default InitialMessage introduction(InitialMessage message) {
        return message;
    }

    /// Whether the rest of such a message is waited for when it has come in part.
    default boolean waitsForIntroductions() {
        return true;
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
