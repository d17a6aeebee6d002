/// Ensembles of real servers over sockets: Witan alone, and together with Apache ZooKeeper in every
/// role.
///
/// Start at [Ensembles], which gives a test its ensembles, and [MixedEnsembleIT].
@NullMarked
package io.witan.interop.ensemble;

import org.jspecify.annotations.NullMarked;
