package io.witan.interop.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class ArchitectureTest {

    private static final String HOUSE = "io.witan";
    private static final String BROKEN_HOUSE = "io.witan.interop.architecture.broken";

    private static final JavaClasses HOUSE_CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(HOUSE);
    private static final JavaClasses BROKEN_CLASSES =
            new ClassFileImporter().importPackages(BROKEN_HOUSE);

    static List<ArchRule> rulesOfTheHouse() {
        return new Rules(HOUSE).all();
    }

    static List<ArchRule> rulesOfTheBrokenHouse() {
        return new Rules(BROKEN_HOUSE).all();
    }

    @ParameterizedTest
    @MethodSource("rulesOfTheHouse")
    void the_house_keeps_the_rule(ArchRule rule) {
        rule.check(HOUSE_CLASSES);
    }

    @ParameterizedTest
    @MethodSource("rulesOfTheBrokenHouse")
    void the_rule_can_fail(ArchRule rule) {
        assertThat(rule.evaluate(BROKEN_CLASSES).hasViolation()).as(rule.getDescription()).isTrue();
    }

    @Test
    void the_modules_that_the_rules_are_about_are_there_to_be_checked() {
        for (String type :
                List.of(
                        "wire.jute.JuteReader",
                        "tree.ZnodeTree",
                        "storage.Recovery",
                        "zab.peer.Peer",
                        "replica.Replica",
                        "server.ServerMain",
                        "cli.Main")) {
            assertThat(HOUSE_CLASSES.contain(HOUSE + "." + type)).as(type).isTrue();
        }
    }
}
