package io.witan.torment.lan;

/// How slow a link is. Not all kernels can delay and lose packets; all can hold them to a rate.
///
/// @param delayMillis each way; jitter is half of it
/// @param lossPercent each way
/// @param kilobitsPerSecond each way
public record Slowness(int delayMillis, int lossPercent, int kilobitsPerSecond) {

    public static final Slowness NONE = new Slowness(0, 0, 0);
}
