package io.witan.zab.election;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.zab.Effect;
import io.witan.zab.Ensembles;
import io.witan.zab.PeerSettings;
import io.witan.zab.config.Configs;
import io.witan.zab.quorum.Oracle;

import java.util.ArrayList;
import java.util.List;

/// What tests of an [Election] say: what befalls the server, and what comes of it. Votes are
/// written as (leader, zxid, round, epoch).
abstract class ElectionWords {

    static final long WAIT = 200;

    /// What the last event has brought about.
    final List<Effect> effects = new ArrayList<>();

    long now = 1000;

    Configs configs = configs(Ensembles.of(1, 2, 3));
    Election election = server(1);

    /// Another server than number 1 of three.
    void serverIs(long sid, Configs newConfigs) {
        configs = newConfigs;
        election = server(sid);
    }

    void begin(Vote own) {
        effects.clear();
        election.begin(own, now);
    }

    void hears(long from, Notification notification) {
        effects.clear();
        election.notified(from, notification, now);
    }

    void passes(long millis) {
        now += millis;
        effects.clear();
        election.tick(now);
    }

    void linkBreaks(long sid) {
        effects.clear();
        election.linkChanged(sid, false, now);
    }

    void linkComesUp(long sid) {
        effects.clear();
        election.linkChanged(sid, true, now);
    }

    List<Long> sentTo() {
        return effects.stream().map(effect -> ((Effect.SendNotification) effect).toSid()).toList();
    }

    /// An initial vote.
    static Vote vote(long leader, long zxid, long epoch) {
        return new Vote(leader, zxid, -1, epoch);
    }

    Notification looking(long leader, long zxid, long round, long epoch) {
        return notification(Notification.LOOKING, leader, zxid, round, epoch);
    }

    Notification following(long leader, long zxid, long round, long epoch) {
        return notification(Notification.FOLLOWING, leader, zxid, round, epoch);
    }

    Notification leading(long leader, long zxid, long round, long epoch) {
        return notification(Notification.LEADING, leader, zxid, round, epoch);
    }

    Notification notification(int state, long leader, long zxid, long round, long epoch) {
        return new Notification(state, leader, zxid, round, epoch, configs.committed().text());
    }

    static Configs configs(EnsembleConfig config) {
        return new Configs(true, config, config, Oracle.NONE);
    }

    static Configs configs(EnsembleConfig committed, EnsembleConfig lastSeen) {
        return new Configs(
                true, committed, lastSeen.withVersion(committed.version() + 1), Oracle.NONE);
    }

    Election server(long sid) {
        return new Election(PeerSettings.standard(sid), configs, effects::add);
    }
}
