package io.witan.torment;

/// The ensemble does not serve although nobody has done anything to it.
final class NotServedException extends RuntimeException {

    NotServedException(String message) {
        super(message);
    }
}
