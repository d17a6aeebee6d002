package io.witan.storage;

import io.witan.storage.testing.FakeDisk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// The disk of a member of an ensemble, and one life on it at a time.
final class MemberDisk {

    static final Path DATA = Path.of("/data");
    static final Path FILES = DATA.resolve("version-2");

    final FakeDisk disk;
    EnsembleStoreSettings settings =
            EnsembleStoreSettings.DEFAULT.withLog(
                    new LogSettings(4096, 0, true, true, 1_000_000_000L, 4096));

    MemberDisk() {
        this(new FakeDisk());
    }

    private MemberDisk(FakeDisk disk) {
        this.disk = disk;
    }

    MemberDisk copy() {
        MemberDisk copy = new MemberDisk(disk.copy());
        copy.settings = settings;
        return copy;
    }

    /// What a life on the disk does.
    interface Life {
        void live(EnsembleStore store, StoredState state);
    }

    /// Starts, lives, and stops.
    StoredState live(Life life) {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true);
                EnsembleStore store = new EnsembleStore(directory, settings, LogListener.NONE)) {
            StoredState state = store.load(new HashedState());
            if (state.snapshotNeeded()) {
                snapshot(store, state.lastZxid());
            }
            life.live(store, state);
            return state;
        }
    }

    StoredState start() {
        return live((store, state) -> {});
    }

    /// Three epochs accepted, transactions 1 to `count` of the first, a log file for each
    /// `perFile`.
    void fill(int count, int perFile) {
        live((store, state) -> {
            store.storeAcceptedEpoch(3);
            store.storeCurrentEpoch(1);
            for (int i = 1; i <= count; i++) {
                append(store, zxid(1, i));
                if (i % perFile == 0) {
                    store.roll();
                }
            }
        });
    }

    static void append(EnsembleStore store, long... zxids) {
        for (long zxid : zxids) {
            store.append(zxid, Txns.create(zxid));
        }
        store.commit();
    }

    static void snapshot(EnsembleStore store, long zxid) {
        store.roll();
        try (TreeSnapshot snapshot = store.beginSnapshot(zxid)) {
            HashedState.write(snapshot, zxid);
            snapshot.finish(SnapshotTrailer.NONE);
        }
    }

    static void replace(EnsembleStore store, long zxid) {
        try (TreeSnapshot snapshot = store.beginReplacement(zxid)) {
            HashedState.write(snapshot, zxid);
            snapshot.finish(SnapshotTrailer.NONE);
        }
    }

    static long zxid(long epoch, long counter) {
        return epoch << 32 | counter;
    }

    void put(String name, String text) {
        disk.put(FILES.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    String text(String name) {
        return new String(disk.content(FILES.resolve(name)), StandardCharsets.UTF_8);
    }

    /// Names of the files, but for the lock.
    List<String> names() {
        try {
            return disk.list(FILES).stream().filter(name -> !name.equals("witan.lock")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Flips a bit in the middle of a file.
    void hurt(String name, int at) {
        byte[] content = disk.content(FILES.resolve(name));
        content[at] ^= 4;
        disk.put(FILES.resolve(name), content);
    }

    static List<Long> zxids(@Nullable List<StoredTxn> txns) {
        return Objects.requireNonNull(txns).stream().map(StoredTxn::zxid).toList();
    }
}
