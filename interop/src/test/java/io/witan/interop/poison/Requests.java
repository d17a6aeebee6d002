package io.witan.interop.poison;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.wire.Jute;

/// Request bodies by hand: no client library would send some of these.
final class Requests {

    static final int CREATE = 1;
    static final int DELETE = 2;
    static final int GET_DATA = 4;
    static final int SET_DATA = 5;
    static final int SET_ACL = 7;
    static final int PING = 11;
    static final int MULTI = 14;
    static final int CREATE2 = 15;
    static final int RECONFIG = 16;
    static final int CREATE_CONTAINER = 19;
    static final int DELETE_CONTAINER = 20;
    static final int CREATE_TTL = 21;
    static final int SET_WATCHES = 101;
    static final int CREATE_SESSION = -10;

    static final int OK = 0;
    static final int MARSHALLING_ERROR = -5;
    static final int UNIMPLEMENTED = -6;
    static final int BAD_ARGUMENTS = -8;

    private Requests() {}

    static Jute createZnode(String path, String data) {
        return createZnode(path, data, 0);
    }

    static Jute createZnode(String path, String data, int flags) {
        return new Jute().string(path).buffer(data.getBytes(UTF_8)).openAcl().integer(flags);
    }

    static Jute createTtl(String path, int flags, long ttl) {
        return createZnode(path, "ttl", flags).longInteger(ttl);
    }

    static Jute delete(String path) {
        return new Jute().string(path).integer(-1);
    }

    static Jute getData(String path) {
        return new Jute().string(path).bool(false);
    }

    static Jute setData(String path, String data) {
        return new Jute().string(path).buffer(data.getBytes(UTF_8)).integer(-1);
    }
}
