package io.witan.simulation.mutation;

import io.witan.simulation.server.HostMutation;
import io.witan.storage.Disk;
import io.witan.storage.DiskFile;

import java.io.IOException;
import java.nio.file.Path;

/// What a server's storage does not tell its disk, or does not want to hear from it.
final class DiskDefects {

    private DiskDefects() {}

    /// Bytes are written and never flushed.
    static final class FlushesNoFile implements HostMutation {

        @Override
        public Disk disk(Disk disk) {
            return new DiskFilter(disk) {
                @Override
                void force(DiskFile file) {
                    // The operating system will write it some time.
                }
            };
        }
    }

    /// The names of files are never flushed.
    static final class FlushesNoDirectory implements HostMutation {

        @Override
        public Disk disk(Disk disk) {
            return new DiskFilter(disk) {
                @Override
                public void syncDirectory(Path directory) {
                    // The operating system will write it some time.
                }
            };
        }
    }

    /// A flush that fails is passed over.
    static final class PassesOverFailedFlushes implements HostMutation {

        @Override
        public Disk disk(Disk disk) {
            return new DiskFilter(disk) {
                @Override
                void force(DiskFile file) {
                    try {
                        file.force();
                    } catch (IOException passedOver) {
                        // It may go well the next time.
                    }
                }
            };
        }
    }
}
