package io.witan.wire.file;

/// Bytes of a transaction log file (client-and-disk, section 9.2):
///
/// ```
/// header   magic int "ZKLG" | version int 2 | dbid long 0
/// record   checksum long | length int | payload | end byte 'B'     (repeated)
/// padding  zeros up to the end of the preallocated file
/// ```
///
/// The checksum is the Adler-32 of the payload alone. The payload is a transaction as
/// [io.witan.wire.txn.TxnCodec] writes it.
public final class LogFormat {

    public static final int MAGIC = 0x5A4B4C47;
    public static final int VERSION = 2;
    public static final long DBID = 0;
    public static final int HEADER_BYTES = 16;

    /// Checksum and length, before the payload.
    public static final int RECORD_HEAD_BYTES = 12;

    /// The byte after the payload.
    public static final byte RECORD_END = 0x42;

    private LogFormat() {}
}
