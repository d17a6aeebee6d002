/// Who is in the ensemble, and the text that says so: in election notifications, in NEWLEADER, in
/// reconfiguration transactions, in `/zookeeper/config` and in files (quorum, sections 1.2 to 1.5).
/// Start at [EnsembleConfig].
@NullMarked
package io.witan.wire.config;

import org.jspecify.annotations.NullMarked;
