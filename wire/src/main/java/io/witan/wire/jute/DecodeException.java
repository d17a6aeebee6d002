package io.witan.wire.jute;

/// Bytes that are not what the protocol says. The only thing a decoder of this module ever throws
/// because of its input; carries no stack trace, because it is an answer to bad bytes and not a
/// defect of ours.
public final class DecodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DecodeException(String message) {
        super(message, null, false, false);
    }
}
