/// Who a connection is, and what it may do: authentication schemes and the rules of access control
/// lists (client-and-disk, section 4).
@NullMarked
package io.witan.replica.auth;

import org.jspecify.annotations.NullMarked;
