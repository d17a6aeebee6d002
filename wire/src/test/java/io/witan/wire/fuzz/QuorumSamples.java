package io.witan.wire.fuzz;

import io.witan.wire.config.Address;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.HostPort;
import io.witan.wire.config.Member;
import io.witan.wire.data.Id;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.SessionTouch;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// Random records of the protocols between servers.
final class QuorumSamples {

    private static final String[] HOSTS = {
        "a",
        "server-1.example.org",
        "10.0.0.1",
        "0:0:0:0:0:0:0:1",
        "2001:db8:0:0:0:0:0:7",
        "fe80::1%eth0",
        "with_line"
    };

    private final Random random;

    QuorumSamples(Random random) {
        this.random = random;
    }

    QuorumPacket packet() {
        return new QuorumPacket(random.nextInt(25), random.nextLong(), data(), ids());
    }

    ForwardedRequest forwardedRequest() {
        byte[] body = bytes();
        return new ForwardedRequest(
                random.nextLong(), random.nextInt(), random.nextInt(), body, ids());
    }

    List<SessionTouch> touches() {
        List<SessionTouch> touches = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            touches.add(new SessionTouch(random.nextLong(), random.nextInt()));
        }
        return touches;
    }

    Notification notification() {
        boolean isOld = random.nextInt(4) == 0;
        return new Notification(
                random.nextInt(4),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                isOld ? 0 : 2 + random.nextInt(2),
                isOld ? null : config().text());
    }

    InitialMessage initialMessage() {
        int addresses = random.nextInt(4);
        if (addresses == 0) {
            long sid = random.nextLong() & Long.MAX_VALUE;
            return new InitialMessage(InitialMessage.ANCIENT, sid, List.of());
        }
        List<String> list = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            list.add(hostPort());
        }
        long version = addresses == 1 ? InitialMessage.V1 : InitialMessage.V2;
        return new InitialMessage(version, random.nextLong(), list);
    }

    /// A configuration as its rules want it, so that it can be read again.
    EnsembleConfig config() {
        List<Member> members = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            members.add(member(sid(), i > 0 && random.nextInt(3) == 0));
        }
        var majority = EnsembleConfig.majority(members, random.nextLong());
        if (majority.participants().isEmpty()) {
            return config();
        }
        return random.nextBoolean() ? majority : hierarchical(majority);
    }

    private EnsembleConfig hierarchical(EnsembleConfig majority) {
        SortedMap<Long, List<Long>> groups = new TreeMap<>();
        SortedMap<Long, Long> weights = new TreeMap<>();
        for (long sid : majority.participants()) {
            groups.computeIfAbsent((long) random.nextInt(3), group -> new ArrayList<>()).add(sid);
            weights.put(sid, (long) random.nextInt(4));
        }
        return new EnsembleConfig(majority.members(), groups, weights, majority.version());
    }

    private Member member(long sid, boolean isObserver) {
        List<Address> addresses = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int port = port();
            addresses.add(new Address(host(), port, port % 65_535 + 1));
        }
        return new Member(
                sid,
                addresses.stream().distinct().toList(),
                isObserver ? Member.Role.OBSERVER : Member.Role.PARTICIPANT,
                random.nextBoolean() ? hostPort() : null);
    }

    private long sid() {
        return random.nextInt(8) == 0 ? random.nextLong() & Long.MAX_VALUE : random.nextInt(9);
    }

    private String hostPort() {
        return new HostPort(host(), port()).toString();
    }

    private String host() {
        return HOSTS[random.nextInt(HOSTS.length)];
    }

    private int port() {
        return 1 + random.nextInt(65_535);
    }

    private byte @Nullable [] data() {
        return random.nextInt(4) == 0 ? null : bytes();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private @Nullable List<Id> ids() {
        if (random.nextInt(3) == 0) {
            return null;
        }
        List<Id> ids = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ids.add(new Id(text(), text()));
        }
        return ids;
    }

    private @Nullable String text() {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> "ip";
            default -> "10.0.0." + random.nextInt(256);
        };
    }
}
