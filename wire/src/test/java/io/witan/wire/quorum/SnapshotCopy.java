package io.witan.wire.quorum;

import io.witan.wire.data.Acl;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Writes the stream again that it is shown.
public final class SnapshotCopy implements SnapshotVisitor {

    private final JuteWriter sessions = new JuteWriter();
    private final JuteWriter acls = new JuteWriter();
    private final JuteWriter znodes = new JuteWriter();
    private int sessionCount;
    private int aclCount;
    private int znodeCount;
    private boolean isComplete;

    @Override
    public void session(long id, int timeoutMillis) {
        sessionCount++;
        sessions.writeLong(id).writeInt(timeoutMillis);
    }

    @Override
    public void acl(long key, @Nullable List<Acl> list) {
        aclCount++;
        acls.writeLong(key);
        Acl.writeList(acls, list);
    }

    @Override
    public void znode(
            byte[] buffer,
            int pathOffset,
            int pathLength,
            int dataOffset,
            int dataLength,
            long aclKey,
            long czxid,
            long mzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long ephemeralOwner,
            long pzxid) {
        znodeCount++;
        znodes.writeBuffer(buffer, pathOffset, pathLength);
        if (dataLength < 0) {
            znodes.writeInt(-1);
        } else {
            znodes.writeBuffer(buffer, dataOffset, dataLength);
        }
        znodes.writeLong(aclKey);
        znodes.writeLong(czxid).writeLong(mzxid).writeLong(ctime).writeLong(mtime);
        znodes.writeInt(version).writeInt(cversion).writeInt(aversion);
        znodes.writeLong(ephemeralOwner).writeLong(pzxid);
    }

    @Override
    public void end() {
        isComplete = true;
    }

    public boolean isComplete() {
        return isComplete;
    }

    public int znodeCount() {
        return znodeCount;
    }

    /// Appends what was shown so far, with the end of the stream if that was.
    public void write(JuteWriter out) {
        out.writeInt(sessionCount).writeRaw(sessions.bytes(), 0, sessions.length());
        out.writeInt(aclCount).writeRaw(acls.bytes(), 0, acls.length());
        out.writeRaw(znodes.bytes(), 0, znodes.length());
        if (isComplete) {
            SnapshotStream.writeEnd(out);
        }
    }
}
