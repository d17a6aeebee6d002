package io.witan.torment.server;

import java.util.List;
import java.util.SortedMap;

/// What the servers of a round are like.
///
/// @param products by sid
/// @param tickMillis the unit of all time limits
/// @param snapshotTxns a snapshot is taken after about so many transactions
/// @param diskBytes of each server's own disk, where it has one
public record EnsemblePlan(
        SortedMap<Long, Product> products, int tickMillis, int snapshotTxns, long diskBytes) {

    public static final int INIT_LIMIT_TICKS = 20;
    public static final int SYNC_LIMIT_TICKS = 5;

    public List<Long> sids() {
        return List.copyOf(products.keySet());
    }

    public Product product(long sid) {
        Product product = products.get(sid);
        if (product == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return product;
    }
}
