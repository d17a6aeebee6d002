/// Jute, the encoding of every record on ZooKeeper's wires and disks. Start at [JuteReader] and
/// [JuteWriter]; they work on plain byte arrays and know no record.
@NullMarked
package io.witan.wire.jute;

import org.jspecify.annotations.NullMarked;
