package io.witan.benchmarks.micro;

import io.witan.wire.client.Request;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// What does it cost to turn the bytes of a write into a record, and a record into those of the
/// log?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {

    private static final int LENGTH_MAX = 1 << 20;
    private static final int SET_DATA = 5;

    private final byte[] path = "/applications/orders/leader".getBytes(StandardCharsets.UTF_8);
    private final byte[] data = new byte[100];
    private final Txn txn = new Txn.SetData(path, data, 7);
    private final TxnHeader header =
            new TxnHeader(0x100000000001234L, 42, 0x100000007L, 1_700_000_000_000L, SET_DATA);
    private final TxnDigest digest = new TxnDigest(TxnDigest.VERSION, 0x1234_5678_9abcL);
    private final JuteWriter out = new JuteWriter();
    private final JuteReader in = new JuteReader(LENGTH_MAX);
    private final byte[] request = encoded(new Request.SetData(path, data, -1));
    private final byte[] logged = logged();

    @Benchmark
    public Request decodeSetDataRequest() {
        return Request.read(SET_DATA, in.reset(request, 0, request.length));
    }

    @Benchmark
    public int encodeSetDataTransaction() {
        out.reset();
        TxnCodec.write(out, header, txn, digest);
        return out.length();
    }

    @Benchmark
    public LoggedTxn decodeSetDataTransaction() {
        return TxnCodec.read(in.reset(logged, 0, logged.length));
    }

    private byte[] encoded(Request body) {
        var writer = new JuteWriter();
        body.write(writer);
        return writer.toByteArray();
    }

    private byte[] logged() {
        var writer = new JuteWriter();
        TxnCodec.write(writer, header, txn, digest);
        return writer.toByteArray();
    }
}
