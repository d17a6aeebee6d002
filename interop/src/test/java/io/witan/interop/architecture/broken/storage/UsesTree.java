package io.witan.interop.architecture.broken.storage;

import io.witan.interop.architecture.broken.tree.BreaksTheCore;

/// Storage knows bytes, not trees.
public record UsesTree(BreaksTheCore tree) {}
