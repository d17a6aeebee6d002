package io.witan.tree;

import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;
import io.witan.wire.file.SnapshotFormat;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The access control lists in use, each kept once and known by a key (client-and-disk, section
/// 9.4). Lists are counted, and go when the last znode that has them does.
///
/// Key -1 is the open ACL of the system znodes, which is in no table; it also stands for a null
/// list in a transaction, since both allow everything. Other keys start at 1.
public final class AclTable {

    /// Key of `world:anyone` with all permissions where no list was ever set.
    public static final int OPEN = (int) SnapshotFormat.OPEN_ACL_KEY;

    /// What a list that is empty grants to anyone: everything.
    private static final int EVERYTHING = -1;

    /// By list; never iterated.
    private final Map<List<Acl>, Entry> byList = new HashMap<>();

    /// By key; index 0 is not used.
    private @Nullable Entry[] byKey = new Entry[16];

    private int keyMax;

    /// Keys up to [#keyMax] that are free, a stack.
    private int[] free = new int[16];

    private int freeCount;

    AclTable() {}

    private static final class Entry {
        final int key;
        final List<Acl> list;
        final int anyonePerms;
        long references;

        Entry(int key, List<Acl> list) {
            this.key = key;
            this.list = list;
            this.anyonePerms = AclTable.anyonePerms(list);
        }
    }

    /// Lists in use, the open ACL of the system znodes not counted.
    public int size() {
        return byList.size();
    }

    /// The list of a key that a znode has. Cannot be changed.
    public List<Acl> list(int key) {
        return key == OPEN ? Acl.OPEN : entry(key).list;
    }

    /// What the list of this key allows everybody: the permissions of its `world:anyone` entries,
    /// all bits if it is empty. Nearly always this alone decides a check.
    public int anyonePerms(int key) {
        return key == OPEN ? Perms.ALL : entry(key).anyonePerms;
    }

    /// As [#anyonePerms(int)], for a list that is in no table yet.
    public static int anyonePerms(@Nullable List<Acl> list) {
        if (list == null || list.isEmpty()) {
            return EVERYTHING;
        }
        int perms = 0;
        for (Acl acl : list) {
            if (Id.ANYONE.equals(acl.id())) {
                perms |= acl.perms();
            }
        }
        return perms;
    }

    /// The key of a list, with one more reference to it.
    int acquire(@Nullable List<Acl> list) {
        if (list == null) {
            return OPEN;
        }
        Entry entry = byList.get(list);
        if (entry == null) {
            List<Acl> kept = List.copyOf(list);
            entry = new Entry(freeCount > 0 ? free[--freeCount] : ++keyMax, kept);
            byList.put(kept, entry);
            if (entry.key >= byKey.length) {
                byKey = Arrays.copyOf(byKey, byKey.length * 2);
            }
            byKey[entry.key] = entry;
        }
        entry.references++;
        return entry.key;
    }

    /// One more reference to a key in use.
    void retain(int key) {
        if (key != OPEN) {
            entry(key).references++;
        }
    }

    /// One reference less; the last one frees the key.
    void release(int key) {
        if (key == OPEN) {
            return;
        }
        Entry entry = entry(key);
        if (--entry.references > 0) {
            return;
        }
        byList.remove(entry.list);
        byKey[key] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = key;
    }

    void clear() {
        byList.clear();
        Arrays.fill(byKey, null);
        keyMax = 0;
        freeCount = 0;
    }

    /// The table as snapshots hold it: how many, then key and list of each.
    void write(JuteWriter out) {
        out.writeInt(size());
        for (int key = 1; key <= keyMax; key++) {
            Entry entry = byKey[key];
            if (entry != null) {
                out.writeLong(key);
                Acl.writeList(out, entry.list);
            }
        }
    }

    private Entry entry(int key) {
        Entry entry = key > 0 && key < byKey.length ? byKey[key] : null;
        if (entry == null) {
            throw new IllegalStateException("no ACL has key " + key);
        }
        return entry;
    }
}
