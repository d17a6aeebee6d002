package io.witan.interop.architecture.broken.zab;

import io.witan.interop.architecture.broken.tree.BreaksTheCore;

/// Agreement knows no tree.
public record UsesTree(BreaksTheCore tree) {}
