/// Who belongs to the ensemble, and how that changes (quorum, sections 1.5 and 5).
@NullMarked
package io.witan.zab.config;

import org.jspecify.annotations.NullMarked;
