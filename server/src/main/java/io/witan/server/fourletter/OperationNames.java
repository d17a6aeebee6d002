package io.witan.server.fourletter;

import org.jspecify.annotations.Nullable;

/// The short names of requests in the answer to `cons`.
public final class OperationNames {

    private OperationNames() {}

    /// The name of a request that was answered, by its opcode; null for one that has none.
    public static @Nullable String of(int opCode) {
        return switch (opCode) {
            case -11 -> "CLOS";
            case -10 -> "SESS";
            case 1, 15, 19, 21 -> "CREA";
            case 2, 20 -> "DELE";
            case 3 -> "EXIS";
            case 4 -> "GETD";
            case 5 -> "SETD";
            case 6 -> "GETA";
            case 7 -> "SETA";
            case 8, 12 -> "GETC";
            case 9 -> "SYNC";
            case 11 -> "PING";
            case 14 -> "MULT";
            case 16 -> "RECO";
            case 17 -> "CHKW";
            case 18 -> "REMW";
            case 22 -> "MLTR";
            case 101 -> "SETW";
            case 103 -> "GETE";
            case 104 -> "GETACN";
            case 105 -> "STW2";
            case 106 -> "ADDW";
            case 107 -> "HOMI";
            default -> null;
        };
    }
}
