package io.witan.replica.member;

import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.zab.Effect;
import io.witan.zab.Happening;

/// What a [Member] needs of the world: its ports and its disk. Implemented by the shell over
/// sockets and files and by the simulator over its own. None of these calls blocks, and none calls
/// back: an outcome arrives as a later event of the member. The orders to be kept are those of
/// [io.witan.zab].
public interface MemberHost {

    /// Carries out one of [Effect.OnElectionPort], [Effect.OnQuorumPort] or [Effect.OnDisk], except
    /// those that have a method of their own here: they have to do with the tree.
    void execute(Effect effect);

    /// [Effect.SendSnapshot]: the bytes of `stream` go behind the packets that this link was given
    /// before, and in front of those that it is given later. They are pulled, as the link takes
    /// them, with [TreeStream#advance]; whoever gives up before the end calls [TreeStream#abort].
    void sendSnapshot(long link, TreeStream stream);

    /// [Effect.ReceiveSnapshot]: what the link delivers from here on goes to `parser`, until it is
    /// complete; then comes [Member#snapshotReceived]. If it throws a
    /// [io.witan.wire.jute.DecodeException], the link is closed and [Member#disconnected] called.
    void receiveSnapshot(long link, SnapshotStreamParser parser);

    /// [Effect.StoreSnapshot]: writes the snapshot file of `zxid` from what `stream` gives; then
    /// comes [Member#stored].
    void storeSnapshot(long ticket, long zxid, TreeStream stream);

    /// [Effect.ReloadTree]: builds a tree from the disk, as at a start, once everything given to
    /// the disk before is there; then comes [Member#treeReloaded].
    void reloadTree(long ticket);

    /// [Effect.Tell]: for logs and figures; nothing has to be done.
    void told(Happening happening);
}
