/// Settings: read once, at the edge, from `zoo.cfg`, JVM properties and arguments, into immutable
/// records.
///
/// [SettingTable] names every key that Apache ZooKeeper knows, one row each. [ConfigReader] checks
/// what an operator wrote against it and makes a [ServerConfig]. Nothing outside this package reads
/// a property or a configuration file.
@NullMarked
package io.witan.server.config;

import org.jspecify.annotations.NullMarked;
