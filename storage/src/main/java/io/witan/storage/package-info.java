/// What a server keeps on disk: the transaction log with group commit, snapshots, epoch files, and
/// the recovery that turns them back into a state. The formats are those of Apache ZooKeeper
/// (client-and-disk, section 9), so a directory can go from one to the other and back.
///
/// All file access goes through [Disk], so that a simulated disk can lose, tear and refuse writes.
/// Nothing here starts a thread; methods that touch the disk block, and their caller chose the
/// thread. Every error that an operator will see is a [StorageException].
///
/// Start at [DataDirectory] (what there is), then [Recovery] (reading it) and [LogWriter] (adding
/// to it).
@NullMarked
package io.witan.storage;

import org.jspecify.annotations.NullMarked;
