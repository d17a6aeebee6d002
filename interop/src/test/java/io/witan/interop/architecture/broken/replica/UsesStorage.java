package io.witan.interop.architecture.broken.replica;

import io.witan.interop.architecture.broken.storage.UsesTree;

/// The brain knows no disk.
public record UsesStorage(UsesTree storage) {}
