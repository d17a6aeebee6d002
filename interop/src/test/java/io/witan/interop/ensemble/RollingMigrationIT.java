package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.Product;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.ArrayList;
import java.util.List;

/// Follows `docs/migration.md`, step by step and in its words, while clients work.
class RollingMigrationIT {

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @Test
    void an_ensemble_moves_to_Witan_and_back_while_clients_work() throws Exception {
        Ensemble ensemble = ensembles.of("AAA");
        ensemble.startLedBy(3);
        try (var load = new Load(ensemble)) {
            load.awaitProgress();

            move(ensemble, Product.WITAN, load);
            move(ensemble, Product.APACHE, load);

            load.finish();
            load.enterInto(ledger);
            Replicas.assertSame(ensemble, ledger);
        }
    }

    /// What clients may see during a migration is what they see here. The test is the same but for
    /// the product, so that it shows what a rolling restart of Apache ZooKeeper itself does to
    /// them.
    @Test
    void a_rolling_restart_of_Apache_is_the_measure() throws Exception {
        Ensemble ensemble = ensembles.of("AAA");
        ensemble.startLedBy(3);
        try (var load = new Load(ensemble)) {
            load.awaitProgress();

            move(ensemble, Product.APACHE, load);

            load.finish();
            load.enterInto(ledger);
            Replicas.assertSame(ensemble, ledger);
        }
    }

    private static void move(Ensemble ensemble, Product product, Load load) throws Exception {
        for (Member server : inOrder(ensemble)) {
            step1_the_ensemble_is_whole(ensemble);
            step2_stop_the_server(server);
            step3_start_the_other_kind_on_the_same_directory(server, product);
            step4_wait_until_it_takes_part(ensemble, server);
            load.awaitProgress();
        }
        step5_all_servers_are_of_the_new_kind(ensemble, product);
    }

    /// The leader last.
    private static List<Member> inOrder(Ensemble ensemble) throws Exception {
        Member leader = ensemble.leader();
        var order = new ArrayList<>(ensemble.members());
        order.remove(leader);
        order.add(leader);
        return order;
    }

    private static void step1_the_ensemble_is_whole(Ensemble ensemble) throws Exception {
        ensemble.leader();
        assertThat(ensemble.running()).hasSameSizeAs(ensemble.members());
    }

    private static void step2_stop_the_server(Member server) {
        server.stop();
    }

    private static void step3_start_the_other_kind_on_the_same_directory(
            Member server, Product product) {
        server.replaceBy(product);
        server.launch();
    }

    private static void step4_wait_until_it_takes_part(Ensemble ensemble, Member server)
            throws Exception {
        server.awaitServing();
        ensemble.leader();
        ensemble.client(server).sync("/");
        ensemble.closeClients();
    }

    private static void step5_all_servers_are_of_the_new_kind(Ensemble ensemble, Product product)
            throws Exception {
        ensemble.leader();
        assertThat(ensemble.running()).extracting(Member::product).containsOnly(product);
    }
}
