/// The replicated state and the watches on it: deterministic, one owner thread, no I/O.
module io.witan.tree {
    requires transitive io.witan.wire;
    requires static org.jspecify;

    exports io.witan.tree;
    exports io.witan.tree.watch;
}
