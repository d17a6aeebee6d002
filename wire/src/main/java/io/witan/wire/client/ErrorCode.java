package io.witan.wire.client;

/// Error codes of reply headers, multi results and error transactions (client-and-disk, section 7).
/// Plain ints, because that is what travels.
public final class ErrorCode {

    public static final int OK = 0;
    public static final int RUNTIME_INCONSISTENCY = -2;
    public static final int MARSHALLING_ERROR = -5;
    public static final int UNIMPLEMENTED = -6;
    public static final int BAD_ARGUMENTS = -8;
    public static final int UNKNOWN_SESSION = -12;
    public static final int NEW_CONFIG_NO_QUORUM = -13;
    public static final int RECONFIG_IN_PROGRESS = -14;
    public static final int NO_NODE = -101;
    public static final int NO_AUTH = -102;
    public static final int BAD_VERSION = -103;
    public static final int NO_CHILDREN_FOR_EPHEMERALS = -108;
    public static final int NODE_EXISTS = -110;
    public static final int NOT_EMPTY = -111;
    public static final int SESSION_EXPIRED = -112;
    public static final int INVALID_ACL = -114;
    public static final int AUTH_FAILED = -115;
    public static final int SESSION_MOVED = -118;
    public static final int NOT_READ_ONLY = -119;
    public static final int EPHEMERAL_ON_LOCAL_SESSION = -120;
    public static final int NO_WATCHER = -121;
    public static final int RECONFIG_DISABLED = -123;
    public static final int SESSION_CLOSED_REQUIRE_SASL_AUTH = -124;
    public static final int QUOTA_EXCEEDED = -125;
    public static final int THROTTLED_OP = -127;

    private ErrorCode() {}

    /// The code's name as messages and statistics show it.
    public static String name(int err) {
        return switch (err) {
            case OK -> "OK";
            case RUNTIME_INCONSISTENCY -> "RuntimeInconsistency";
            case MARSHALLING_ERROR -> "MarshallingError";
            case UNIMPLEMENTED -> "Unimplemented";
            case BAD_ARGUMENTS -> "BadArguments";
            case UNKNOWN_SESSION -> "UnknownSession";
            case NEW_CONFIG_NO_QUORUM -> "NewConfigNoQuorum";
            case RECONFIG_IN_PROGRESS -> "ReconfigInProgress";
            case NO_NODE -> "NoNode";
            case NO_AUTH -> "NoAuth";
            case BAD_VERSION -> "BadVersion";
            case NO_CHILDREN_FOR_EPHEMERALS -> "NoChildrenForEphemerals";
            case NODE_EXISTS -> "NodeExists";
            case NOT_EMPTY -> "NotEmpty";
            case SESSION_EXPIRED -> "SessionExpired";
            case INVALID_ACL -> "InvalidACL";
            case AUTH_FAILED -> "AuthFailed";
            case SESSION_MOVED -> "SessionMoved";
            case NOT_READ_ONLY -> "NotReadOnly";
            case EPHEMERAL_ON_LOCAL_SESSION -> "EphemeralOnLocalSession";
            case NO_WATCHER -> "NoWatcher";
            case RECONFIG_DISABLED -> "ReconfigDisabled";
            case SESSION_CLOSED_REQUIRE_SASL_AUTH -> "SessionClosedRequireSaslAuth";
            case QUOTA_EXCEEDED -> "QuotaExceeded";
            case THROTTLED_OP -> "ThrottledOp";
            default -> "unknown " + err;
        };
    }
}
