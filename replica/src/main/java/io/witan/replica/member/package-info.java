/// A member of an ensemble, whole: [Member] puts together the agreement, the tree and, while it
/// serves, the replica; [MemberHost] is the world around it.
@NullMarked
package io.witan.replica.member;

import org.jspecify.annotations.NullMarked;
