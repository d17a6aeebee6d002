package io.witan.replica;

import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The dumbest tree that can be right: a map that carries out one request after the other, with
/// nothing pending ever. Paths are valid, ACLs open, quotas none.
final class SequentialModel {

    static final class Node {
        String data = "";
        int version;
        int creates;
        long owner;
    }

    private Map<String, Node> nodes = new TreeMap<>();

    SequentialModel() {
        for (String path : List.of("", "/zookeeper", "/zookeeper/quota", "/zookeeper/config")) {
            nodes.put(path, new Node());
        }
    }

    SequentialModel copy() {
        SequentialModel copy = new SequentialModel();
        copy.nodes = copyOf(nodes);
        return copy;
    }

    private static Map<String, Node> copyOf(Map<String, Node> nodes) {
        Map<String, Node> copies = new TreeMap<>();
        nodes.forEach((path, node) -> {
            Node copy = new Node();
            copy.data = node.data;
            copy.version = node.version;
            copy.creates = node.creates;
            copy.owner = node.owner;
            copies.put(path, copy);
        });
        return copies;
    }

    /// Data and version of a znode, or the error.
    String read(String path) {
        Node node = nodes.get(path);
        return node == null ? "" + ErrorCode.NO_NODE : node.data + " v" + node.version;
    }

    int size() {
        return nodes.size();
    }

    /// What a request of a session comes to: an error, or the path that was made, or nothing.
    String does(Request request, long session) {
        return switch (request) {
            case Request.Create create -> create(create.body(), session);
            case Request.Delete delete -> delete(Frame.text(delete.path()), delete.version());
            case Request.SetData set ->
                    setData(Frame.text(set.path()), Frame.text(set.data()), set.version());
            case Request.Check check -> check(Frame.text(check.path()), check.version());
            case Request.Multi multi -> multi(multi.ops(), session);
            default -> throw new AssertionError(request);
        };
    }

    void ends(long session) {
        nodes.values().removeIf(node -> node.owner == session);
    }

    private String create(CreateRequest body, long session) {
        String path = Frame.text(body.path());
        Node parent = nodes.get(parentOf(path));
        if (parent == null) {
            return "" + ErrorCode.NO_NODE;
        }
        int flags = body.flags();
        if (flags == 2 || flags == 3) {
            path += "%010d".formatted(parent.creates);
        }
        if (nodes.containsKey(path)) {
            return "" + ErrorCode.NODE_EXISTS;
        }
        if (parent.owner != 0) {
            return "" + ErrorCode.NO_CHILDREN_FOR_EPHEMERALS;
        }
        parent.creates++;
        Node node = new Node();
        node.data = Frame.text(body.data());
        node.owner = flags == 1 || flags == 3 ? session : 0;
        nodes.put(path, node);
        return path;
    }

    private String delete(String path, int version) {
        Node node = nodes.get(path);
        if (node == null) {
            return "" + ErrorCode.NO_NODE;
        }
        if (version != -1 && version != node.version) {
            return "" + ErrorCode.BAD_VERSION;
        }
        if (nodes.keySet().stream().anyMatch(other -> parentOf(other).equals(path))) {
            return "" + ErrorCode.NOT_EMPTY;
        }
        nodes.remove(path);
        return "";
    }

    private String setData(String path, String data, int version) {
        Node node = nodes.get(path);
        if (node == null) {
            return "" + ErrorCode.NO_NODE;
        }
        if (version != -1 && version != node.version) {
            return "" + ErrorCode.BAD_VERSION;
        }
        node.data = data;
        node.version++;
        return "";
    }

    private String check(String path, int version) {
        Node node = nodes.get(path);
        if (node == null) {
            return "" + ErrorCode.NO_NODE;
        }
        return version != -1 && version != node.version ? "" + ErrorCode.BAD_VERSION : "";
    }

    private String multi(List<Request> ops, long session) {
        Map<String, Node> before = copyOf(nodes);
        List<String> results = new ArrayList<>();
        @Nullable String failure = null;
        for (Request op : ops) {
            String result = failure == null ? does(op, session) : "-2";
            if (failure == null && result.startsWith("-")) {
                failure = result;
                results.replaceAll(earlier -> "0");
            }
            results.add(result);
        }
        if (failure != null) {
            nodes = before;
        }
        return results.toString();
    }

    private static String parentOf(String path) {
        return path.isEmpty() ? "none" : path.substring(0, path.lastIndexOf('/'));
    }

    /// An answer in the words of [#does].
    static String said(Frame.Answer answer) {
        if (answer.err() != 0) {
            return "" + answer.err();
        }
        return switch (answer.body()) {
            case io.witan.wire.client.Reply.OfPath _ -> answer.path();
            case io.witan.wire.client.Reply.PathAndStat _ -> answer.path();
            case io.witan.wire.client.Reply.DataAndStat _ ->
                    answer.data() + " v" + answer.stat().version();
            case io.witan.wire.client.Reply.Results _ ->
                    answer.resultTexts().stream().map(SequentialModel::plain).toList().toString();
            case null, default -> "";
        };
    }

    /// `1 /a` becomes `/a`, a bare type nothing.
    private static String plain(String result) {
        if (result.startsWith("-") || result.equals("0")) {
            return result;
        }
        int space = result.indexOf(' ');
        return space < 0 ? "" : result.substring(space + 1);
    }

    static boolean isWrite(Request request) {
        return request.type() != OpCode.GET_DATA;
    }
}
