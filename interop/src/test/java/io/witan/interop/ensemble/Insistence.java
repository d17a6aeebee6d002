package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.ZooKeeper;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Requests that are made again when a connection is lost, and with it the answer: a server whose
/// leader or part changes drops its clients, and every client of an ensemble must expect that.
final class Insistence {

    private static final long PAUSE_NANOS = 50_000_000;

    private Insistence() {}

    /// For requests that do no harm when they are carried out twice.
    static <T> T insist(Callable<T> request) throws Exception {
        while (true) {
            try {
                return request.call();
            } catch (ConnectionLossException lost) {
                pause();
            }
        }
    }

    /// Not yet there before the first attempt: if it is, that attempt has made it.
    static void create(ZooKeeper client, String path, byte[] data, CreateMode mode)
            throws Exception {
        boolean unknown = false;
        while (true) {
            try {
                client.create(path, data, OPEN_ACL_UNSAFE, mode);
                return;
            } catch (ConnectionLossException lost) {
                unknown = true;
                pause();
            } catch (NodeExistsException exists) {
                if (!unknown) {
                    throw exists;
                }
                return;
            }
        }
    }

    static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
