package io.witan.simulation.fault;

import static io.witan.simulation.fault.LogImage.FILES;

import io.witan.storage.testing.FakeDisk;
import io.witan.wire.file.LogFormat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// What a disk has done to the files of a server that is down.
public enum Damage {
    /// The end byte of a record in the middle of the newest log.
    END_BYTE {
        @Override
        boolean spoil(LogImage log, int record) {
            log.bytes()[log.end(record) - 1] ^= 1;
            return true;
        }
    },
    /// One bit of what a record in the middle holds.
    PAYLOAD {
        @Override
        boolean spoil(LogImage log, int record) {
            log.bytes()[log.start(record) + LogFormat.RECORD_HEAD_BYTES + 5] ^= 0x10;
            return true;
        }
    },
    /// One bit of the length of a record in the middle.
    LENGTH {
        @Override
        boolean spoil(LogImage log, int record) {
            log.bytes()[log.start(record) + LogFormat.RECORD_HEAD_BYTES - 2] ^= 0x40;
            return true;
        }
    },
    /// A record in the middle is zeros from its first byte to its last.
    ZEROS {
        @Override
        boolean spoil(LogImage log, int record) {
            Arrays.fill(log.bytes(), log.start(record), log.end(record), (byte) 0);
            return true;
        }
    },
    /// A record lies where another of its length belongs, with a checksum that is right.
    MISDIRECTED {
        @Override
        boolean spoil(LogImage log, int record) {
            int length = log.end(record) - log.start(record);
            for (int i = 0; i < record; i++) {
                if (log.end(i) - log.start(i) == length) {
                    System.arraycopy(
                            log.bytes(), log.start(i), log.bytes(), log.start(record), length);
                    return true;
                }
            }
            return false;
        }
    },
    /// The same, by a reader that looks at checksums alone: it takes it for the other.
    MISTAKEN {
        @Override
        boolean spoil(LogImage log, int record) {
            long zxid = log.zxid(record);
            if (!MISDIRECTED.spoil(log, record)) {
                return false;
            }
            log.renumber(record, zxid);
            return true;
        }
    },
    /// A log that another follows in the same epoch has lost its second half. Of the end of an
    /// epoch nothing tells that it was there (decision 0010).
    SHORT_LOG {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            if (logs.size() < 2) {
                return false;
            }
            LogImage older = logs.get(logs.size() - 2);
            LogImage newest = logs.getLast();
            boolean follows =
                    older.records() > 0
                            && newest.records() > 0
                            && newest.zxid(0) == older.zxid(older.records() - 1) + 1;
            return follows && cut(disk, older, older.records() / 2);
        }
    },
    /// The newest log ends after half its records, as if there had never been more: what a reader
    /// that ends at what it cannot read makes of one that is damaged there.
    FORGOTTEN_TAIL {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            LogImage newest = logs.getLast();
            return newest.records() > 1 && cut(disk, newest, newest.records() / 2);
        }
    },
    /// Behind the last record there is the beginning of another.
    TORN_TAIL {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            LogImage newest = logs.getLast();
            if (newest.records() == 0 || newest.isTorn()) {
                return false;
            }
            int last = newest.records() - 1;
            int half = (newest.end(last) - newest.start(last)) / 2;
            byte[] torn =
                    Arrays.copyOf(
                            newest.bytes(), Math.max(newest.bytes().length, newest.end() + half));
            System.arraycopy(newest.bytes(), newest.start(last), torn, newest.end(), half);
            disk.put(newest.path(), torn);
            return true;
        }
    },
    /// All snapshots are gone.
    NO_SNAPSHOTS {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            List<String> snapshots = snapshots(disk);
            snapshots.forEach(name -> disk.remove(FILES.resolve(name)));
            return !snapshots.isEmpty();
        }
    },
    /// All snapshots are empty files.
    EMPTY_SNAPSHOTS {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            List<String> snapshots = snapshots(disk);
            snapshots.forEach(name -> disk.put(FILES.resolve(name), new byte[0]));
            return !snapshots.isEmpty();
        }
    },
    /// All snapshots have lost their second half.
    HALF_SNAPSHOTS {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            List<String> snapshots = snapshots(disk);
            snapshots.forEach(name -> halve(disk, name));
            return !snapshots.isEmpty();
        }
    },
    /// The newest of several snapshots has lost its second half.
    HALF_SNAPSHOT {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            List<String> snapshots = snapshots(disk);
            if (snapshots.size() < 2) {
                return false;
            }
            halve(disk, snapshots.getLast());
            return true;
        }
    },
    /// In the middle of each snapshot there is a wrong bit.
    BAD_SNAPSHOTS {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            List<String> snapshots = snapshots(disk);
            for (String name : snapshots) {
                byte[] content = disk.content(FILES.resolve(name));
                content[content.length / 2] ^= 1;
                disk.put(FILES.resolve(name), content);
            }
            return !snapshots.isEmpty();
        }
    },
    /// Everything is gone, and somebody has said that the server may begin with nothing.
    BEGUN_ANEW {
        @Override
        boolean strikes(FakeDisk disk, List<LogImage> logs) {
            LogImage.names(disk).forEach(name -> disk.remove(FILES.resolve(name)));
            disk.put(FILES.resolveSibling("initialize"), new byte[0]);
            return true;
        }
    };

    private static final String SNAPSHOT = "snapshot.";

    /// Strikes a server that is down.
    ///
    /// @return whether there was something to be spoilt
    public final boolean strike(FakeDisk disk) {
        List<LogImage> logs = LogImage.all(disk);
        return !logs.isEmpty() && strikes(disk, logs);
    }

    /// Most spoil a record in the middle of the newest log, so that others follow it.
    boolean strikes(FakeDisk disk, List<LogImage> logs) {
        LogImage newest = logs.getLast();
        boolean done = newest.records() > 2 && spoil(newest, newest.records() / 2);
        if (done) {
            disk.put(newest.path(), newest.bytes());
        }
        return done;
    }

    boolean spoil(LogImage log, int record) {
        return false;
    }

    private static boolean cut(FakeDisk disk, LogImage log, int record) {
        if (log.records() == 0) {
            return false;
        }
        disk.put(log.path(), Arrays.copyOf(log.bytes(), log.start(record)));
        return true;
    }

    private static void halve(FakeDisk disk, String name) {
        byte[] whole = disk.content(FILES.resolve(name));
        disk.put(FILES.resolve(name), Arrays.copyOf(whole, whole.length / 2));
    }

    /// Oldest first.
    private static List<String> snapshots(FakeDisk disk) {
        return LogImage.names(disk).stream()
                .filter(name -> name.startsWith(SNAPSHOT))
                .sorted(Comparator.comparingLong(Damage::zxid))
                .toList();
    }

    private static long zxid(String snapshot) {
        return Long.parseLong(snapshot.substring(SNAPSHOT.length()), 16);
    }
}
