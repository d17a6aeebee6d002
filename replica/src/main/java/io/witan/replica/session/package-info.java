/// Sessions as the server that tracks them sees them: ids, timeouts, expiry.
@NullMarked
package io.witan.replica.session;

import org.jspecify.annotations.NullMarked;
