/// Fast leader election: who should lead, judged by what each server has in its log.
@NullMarked
package io.witan.zab.election;

import org.jspecify.annotations.NullMarked;
