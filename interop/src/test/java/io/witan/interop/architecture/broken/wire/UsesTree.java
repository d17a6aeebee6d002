package io.witan.interop.architecture.broken.wire;

import io.netty.util.AsciiString;
import io.witan.interop.architecture.broken.tree.BreaksTheCore;

/// Points the wrong way, closes a cycle, and knows Netty.
public record UsesTree(BreaksTheCore tree, AsciiString text) {}
