package io.witan.tree;

import io.witan.wire.data.Stat;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// One znode of a [ZnodeTree], for those who read it. It stands for the znode, and holds nothing of
/// it: what it says is what the tree holds when it is asked. Of no use once the znode is deleted,
/// but for [#isDeleted] until the next transaction is applied.
///
/// The same znode may be stood for by several of these, which are equal. Owned by the tree's
/// thread.
public final class Znode {

    private final Znodes all;
    final int number;

    Znode(Znodes all, int number) {
        this.all = all;
        this.number = number;
    }

    /// The last component of the path; empty for the root. A copy.
    public byte[] name() {
        return all.name(number);
    }

    /// Null for the root.
    public @Nullable Znode parent() {
        return of(all.parent(number));
    }

    /// Null and empty are distinct. A copy; [#writeData] needs none.
    public byte @Nullable [] data() {
        return all.data(number);
    }

    /// Writes the data as a buffer.
    public void writeData(JuteWriter out) {
        all.writeData(number, out);
    }

    /// In bytes, 0 for null.
    public int dataLength() {
        return all.dataLength(number);
    }

    public long czxid() {
        return all.czxid(number);
    }

    public long mzxid() {
        return all.mzxid(number);
    }

    public long pzxid() {
        return all.pzxid(number);
    }

    public long ctime() {
        return all.ctime(number);
    }

    public long mtime() {
        return all.mtime(number);
    }

    public int version() {
        return all.version(number);
    }

    public int aversion() {
        return all.aversion(number);
    }

    /// Number of creates below this znode, which is also the next sequence number.
    public int storedCversion() {
        return all.storedCversion(number);
    }

    /// The cversion that clients see: creates and deletes below this znode count one each.
    public int cversion() {
        return all.cversion(number);
    }

    public int childCount() {
        return all.childCount(number);
    }

    /// The owner as log and snapshot hold it (client-and-disk, section 3.7).
    public long storedOwner() {
        return all.storedOwner(number);
    }

    public OwnerKind kind() {
        return all.kind(number);
    }

    /// The session that owns this znode, 0 if none does: what clients see as the owner.
    public long ephemeralOwner() {
        return all.ephemeralOwner(number);
    }

    /// Key of the ACL in the tree's [AclTable].
    public int aclKey() {
        return all.aclKey(number);
    }

    /// CRC-32 of path, data and stat (client-and-disk, section 8.3); 0 below `/zookeeper/` and
    /// where digests are off.
    public int digest() {
        return all.digest(number);
    }

    /// Whether this znode has been deleted.
    public boolean isDeleted() {
        return all.isDeleted(number);
    }

    /// The whole path; "/" for the root.
    public byte[] path() {
        return all.path(number);
    }

    /// The 68 bytes of a [Stat], as clients see it.
    public void writeStat(JuteWriter out) {
        all.writeStat(number, out);
    }

    /// The stat as clients see it.
    public Stat stat() {
        return all.stat(number);
    }

    /// The 60 bytes of a [StoredStat], as log and snapshot hold it.
    public void writeStoredStat(JuteWriter out) {
        all.writeStoredStat(number, out);
    }

    /// The stat as log and snapshot hold it.
    public StoredStat storedStat() {
        return new StoredStat(
                czxid(),
                mzxid(),
                ctime(),
                mtime(),
                version(),
                storedCversion(),
                aversion(),
                storedOwner(),
                pzxid());
    }

    /// A vector of the children's names, in no particular order.
    public void writeChildNames(JuteWriter out) {
        all.writeChildNames(number, out);
    }

    /// The child whose name is `buf[off .. off + len)`.
    public @Nullable Znode child(byte[] buf, int off, int len) {
        return of(all.child(number, buf, off, len));
    }

    /// Visits the children, in no particular order but always the same for the same history. The
    /// visitor must not change the tree.
    public void forEachChild(Consumer<? super Znode> visitor) {
        all.forEachChild(number, child -> visitor.accept(new Znode(all, child)));
    }

    private @Nullable Znode of(int other) {
        return other == Znodes.NONE ? null : new Znode(all, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Znode znode && znode.number == number && znode.all == all;
    }

    @Override
    public int hashCode() {
        return number;
    }

    @Override
    public String toString() {
        return isDeleted()
                ? "deleted"
                : new String(path(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
