package io.witan.zab.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.Request;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.Member;
import io.witan.zab.AgreementView;
import io.witan.zab.Ensembles;
import io.witan.zab.PeerSettings;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Quorum, sections 5.1 and 5.2.
class ConfigChangeTest {

    private static final long VERSION = 0x1_0000_0000L;
    private static final long NEXT_VERSION = 0x1_0000_0005L;

    private EnsembleConfig committed =
            Ensembles.parse(
                            Ensembles.servers("participant", 1, 2, 3)
                                    + Ensembles.servers("observer", 4))
                    .withVersion(VERSION);
    private EnsembleConfig lastSeen = committed;
    private Set<Long> synced = Set.of(1L, 2L, 3L, 4L);
    private PeerSettings settings = PeerSettings.standard(3);

    // ---- single servers

    @Test
    void those_who_leave_are_gone_and_the_version_is_the_changes_zxid() {
        EnsembleConfig next = accepted(leaving("1,4"));

        assertThat(next.members()).containsOnlyKeys(2L, 3L);
        assertThat(next.version()).isEqualTo(NEXT_VERSION);
        assertThat(next.member(2)).isEqualTo(committed.member(2));
    }

    @Test
    void who_is_no_member_may_leave() {
        assertThat(accepted(leaving("9")).sameContent(committed)).isTrue();
    }

    /// As in the original.
    @Test
    void who_asks_for_nothing_gets_a_new_version() {
        EnsembleConfig next = accepted(request(null, null, null, -1));

        assertThat(next.sameContent(committed)).isTrue();
        assertThat(next.version()).isEqualTo(NEXT_VERSION);
        assertThat(accepted(request("", ", ", null, -1)).sameContent(committed)).isTrue();
    }

    @Test
    void one_joins_with_all_its_addresses() {
        EnsembleConfig next = accepted(joining("server.5=10.0.0.5:2888:3888:observer;2181"));

        assertThat(next.members()).containsOnlyKeys(1L, 2L, 3L, 4L, 5L);
        assertThat(next.text())
                .contains("server.5=10.0.0.5:2888:3888:observer;0.0.0.0:2181")
                .endsWith("version=100000005");
    }

    @Test
    void joining_changes_the_role_of_a_member() {
        EnsembleConfig next = accepted(joining("server.4=10.0.0.4:2888:3888;10.0.0.4:2181"));

        assertThat(Objects.requireNonNull(next.member(4)).role())
                .isEqualTo(Member.Role.PARTICIPANT);
    }

    @Test
    void leaving_comes_before_joining() {
        EnsembleConfig next =
                accepted(
                        request(
                                "server.5=10.0.0.1:2888:3888:observer;10.0.0.1:2181",
                                "1",
                                null,
                                -1));

        assertThat(next.members()).containsOnlyKeys(2L, 3L, 4L, 5L);
    }

    @Test
    void several_join_at_a_time() {
        EnsembleConfig next =
                accepted(
                        joining(
                                "server.5=10.0.0.5:2888:3888:observer;2181,"
                                        + " server.6=10.0.0.6:2888:3888:observer;2181"));

        assertThat(next.members()).containsOnlyKeys(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void without_a_client_port_nobody_joins() {
        assertThat(refused(joining("server.5=10.0.0.5:2888:3888")))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void nobody_joins_at_an_address_of_another_member() {
        assertThat(refused(joining("server.5=10.0.0.2:2888:3889:observer;2181")))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(refused(joining("server.5=10.0.0.2:2889:3888:observer;2181")))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(refused(joining("server.5=10.0.0.5:2888:3888:observer;10.0.0.2:2181")))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(refused(joining("server.5=10.0.0.2:3888:3889:observer;2181")))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(
                        refused(
                                joining(
                                        "server.5=10.0.0.5:2888:3888:observer;2181,"
                                                + "server.6=10.0.0.5:2888:3889:observer;2182")))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void what_every_machine_has_for_itself_is_no_ones_address() {
        committed =
                Ensembles.parse(
                                """
                                server.1=127.0.0.1:2881:3881:participant;127.0.0.1:2181
                                server.2=127.0.0.1:2882:3882:participant;0.0.0.0:2182
                                """)
                        .withVersion(VERSION);
        lastSeen = committed;

        assertThat(
                        accepted(joining("server.3=localhost:2881:3881:observer;0.0.0.0:2182"))
                                .members())
                .containsOnlyKeys(1L, 2L, 3L);
    }

    @Test
    void what_cannot_be_read_is_refused() {
        for (String joining :
                new String[] {
                    "server.5",
                    "5=10.0.0.5:2888:3888;2181",
                    "server.x=10.0.0.5:2888:3888;2181",
                    "server.5=10.0.0.5:2888;2181",
                    "server.5=10.0.0.5:2888:3888:leader;2181",
                }) {
            assertThat(refused(joining(joining))).as(joining).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        }
        assertThat(refused(leaving("1,two"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void single_servers_do_not_come_and_go_where_groups_decide() {
        committed =
                Ensembles.parse(Ensembles.servers("participant", 1, 2, 3) + "group.1=1:2:3\n")
                        .withVersion(VERSION);
        lastSeen = committed;

        assertThat(refused(leaving("1"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(accepted(all(Ensembles.servers("participant", 2, 3))).isHierarchical())
                .isFalse();
    }

    // ---- all members

    @Test
    void who_is_not_named_in_a_new_list_is_gone() {
        EnsembleConfig next = accepted(all(Ensembles.servers("participant", 2, 3)));

        assertThat(next.members()).containsOnlyKeys(2L, 3L);
        assertThat(next.version()).isEqualTo(NEXT_VERSION);
    }

    @Test
    void a_new_list_may_be_separated_by_commas_and_its_version_means_nothing() {
        EnsembleConfig next =
                accepted(
                        all(
                                "server.1=10.0.0.1:2888:3888;2181,server.2=10.0.0.2:2888:3888;2181,"
                                        + "version=77"));

        assertThat(next.members()).containsOnlyKeys(1L, 2L);
        assertThat(next.version()).isEqualTo(NEXT_VERSION);
    }

    @Test
    void a_new_list_may_have_groups() {
        EnsembleConfig next =
                accepted(
                        all(
                                Ensembles.servers("participant", 1, 2, 3)
                                        + "group.1=1:2:3\nweight.1=2\n"));

        assertThat(next.isHierarchical()).isTrue();
        assertThat(next.weights()).containsEntry(1L, 2L).containsEntry(3L, 1L);
    }

    @Test
    void a_new_list_that_cannot_be_read_is_refused() {
        assertThat(refused(all("server.1=nonsense"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(refused(all(""))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(refused(all(Ensembles.servers("observer", 1, 2))))
                .isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    // ---- conditions, in the order in which they are looked at

    @Test
    void nothing_changes_where_reconfiguration_is_disabled() {
        settings = settings.with(new PeerSettings.Membership(false, true));
        lastSeen = committed.withVersion(VERSION + 1);

        assertThat(refused(leaving("1"))).isEqualTo(ErrorCode.RECONFIG_DISABLED);
    }

    @Test
    void one_change_at_a_time() {
        lastSeen = Ensembles.of(1, 2).withVersion(VERSION + 1);

        assertThat(refused(request(null, "1", null, 55))).isEqualTo(ErrorCode.RECONFIG_IN_PROGRESS);
    }

    @Test
    void a_change_of_another_version_is_refused() {
        assertThat(refused(request("nonsense", null, null, VERSION + 1)))
                .isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(accepted(request(null, "1", null, VERSION)).members())
                .containsOnlyKeys(2L, 3L, 4L);
    }

    @Test
    void two_participants_must_remain_unless_one_alone_is_an_ensemble() {
        synced = Set.of(3L);

        assertThat(refused(leaving("1,2"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        settings = settings.with(new PeerSettings.Membership(true, false));
        assertThat(accepted(leaving("1,2")).participants()).containsExactly(3L);
    }

    @Test
    void a_quorum_of_the_new_participants_must_be_in_synchrony() {
        synced = new TreeSet<>(Set.of(1L, 3L));

        assertThat(refused(all(Ensembles.servers("participant", 3, 4, 5))))
                .isEqualTo(ErrorCode.NEW_CONFIG_NO_QUORUM);
        synced.add(5L);
        assertThat(accepted(all(Ensembles.servers("participant", 3, 4, 5))).participants())
                .containsExactly(3L, 4L, 5L);
    }

    @Test
    void observers_of_the_new_configuration_do_not_make_its_quorum() {
        synced = Set.of(3L, 4L);

        assertThat(
                        refused(
                                all(
                                        Ensembles.servers("participant", 1, 2, 3)
                                                + Ensembles.servers("observer", 4))))
                .isEqualTo(ErrorCode.NEW_CONFIG_NO_QUORUM);
    }

    @Test
    void observers_that_shall_vote_do_not_count_before_they_do() {
        synced = Set.of(3L, 4L);

        assertThat(refused(all(Ensembles.servers("participant", 3, 4, 5))))
                .isEqualTo(ErrorCode.NEW_CONFIG_NO_QUORUM);
    }

    // ---- words

    private EnsembleConfig accepted(Request.Reconfig request) {
        ConfigChange.Result result = apply(request);
        assertThat(result).isInstanceOf(ConfigChange.Result.Accepted.class);
        return ((ConfigChange.Result.Accepted) result).config();
    }

    private int refused(Request.Reconfig request) {
        ConfigChange.Result result = apply(request);
        assertThat(result).isInstanceOf(ConfigChange.Result.Refused.class);
        return ((ConfigChange.Result.Refused) result).error();
    }

    private ConfigChange.Result apply(Request.Reconfig request) {
        return ConfigChange.apply(
                new Leader(committed, lastSeen, synced), settings, request, NEXT_VERSION);
    }

    private static Request.Reconfig joining(String servers) {
        return request(servers, null, null, -1);
    }

    private static Request.Reconfig leaving(String sids) {
        return request(null, sids, null, -1);
    }

    private static Request.Reconfig all(String members) {
        return request(null, null, members, -1);
    }

    private static Request.Reconfig request(
            @Nullable String joining,
            @Nullable String leaving,
            @Nullable String all,
            long version) {
        return new Request.Reconfig(joining, leaving, all, version);
    }

    /// What the checks look at, of a leader that is this server 3.
    private record Leader(
            EnsembleConfig committedConfig, EnsembleConfig lastSeenConfig, Set<Long> syncedSids)
            implements AgreementView {

        @Override
        public State state() {
            return State.LEADING;
        }

        @Override
        public boolean isServing() {
            return true;
        }

        @Override
        public long leaderSid() {
            return 3;
        }

        @Override
        public long acceptedEpoch() {
            return 1;
        }

        @Override
        public long currentEpoch() {
            return 1;
        }

        @Override
        public long lastLoggedZxid() {
            return 0x1_0000_0004L;
        }

        @Override
        public long lastCommittedZxid() {
            return 0x1_0000_0004L;
        }

        @Override
        public Set<Long> syncedObserverSids() {
            return Set.of();
        }

        @Override
        public int outstandingProposals() {
            return 0;
        }

        @Override
        public int pendingSyncs() {
            return 0;
        }
    }
}
