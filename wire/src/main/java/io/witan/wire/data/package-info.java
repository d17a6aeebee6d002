/// Records that several protocols share: identities, access control lists, metadata.
@NullMarked
package io.witan.wire.data;

import org.jspecify.annotations.NullMarked;
