package io.witan.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What the clients of a closed loop ask.
public enum Workload {
    GET_DATA("getData", "getData of one of 1,000 znodes"),
    EXISTS("exists", "exists of one of 1,000 znodes"),
    GET_CHILDREN("getChildren", "getChildren of a znode with 100 children"),
    SET_DATA("setData", "setData of one of 1,000 znodes"),
    MIX_90_10("mix-90-10", "90% getData, 10% setData"),
    MIX_50_50("mix-50-50", "50% getData, 50% setData"),
    CREATE("create", "create of a persistent znode"),
    CREATE_DELETE("create-delete", "create and delete of a persistent znode, by turns"),
    EPHEMERAL("ephemeral", "create and delete of an ephemeral znode, by turns"),
    MULTI("multi", "multi of 10 setData");

    private final String id;
    private final String description;

    Workload(String id, String description) {
        this.id = id;
        this.description = description;
    }

    public String id() {
        return id;
    }

    public String description() {
        return description;
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Workload::id).toList();
    }

    boolean isNamed(String name) {
        return id.equals(name.toLowerCase(Locale.ROOT)) || id.equals(name);
    }
}
