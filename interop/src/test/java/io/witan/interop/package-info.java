/// Tests with Apache ZooKeeper's own server and client, and with Curator.
@NullMarked
package io.witan.interop;

import org.jspecify.annotations.NullMarked;
