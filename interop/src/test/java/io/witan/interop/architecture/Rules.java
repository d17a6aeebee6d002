package io.witan.interop.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The rules, for all classes below one package: `io.witan`, or the broken house of the test.
final class Rules {

    /// What the core may use of the JDK. A list of what is allowed, not of what is forbidden: a new
    /// way to open a file must not slip through.
    private static final String[] JDK_OF_THE_CORE = {
        "java.lang",
        "java.lang.invoke",
        "java.lang.runtime",
        "java.nio",
        "java.nio.charset",
        "java.security",
        "java.util",
        "java.util.function",
        "java.util.random",
        "java.util.stream",
        "java.util.zip",
        "org.jspecify.annotations",
    };

    private static final Set<String> CLASSES_THAT_RUN_OR_WAIT =
            Set.of(
                    "java.lang.Thread",
                    "java.lang.ThreadLocal",
                    "java.lang.Process",
                    "java.lang.ProcessBuilder",
                    "java.lang.Runtime",
                    "java.util.Timer");

    /// These hash tables are only asked, never walked; whoever adds one says why that is so.
    private static final Set<String> UNORDERED_BUT_NEVER_WALKED =
            Set.of(
                    // From an ACL list to its entry; ids are given in the order of arrival.
                    "io.witan.tree.AclTable",
                    // From an ACL's id in the file to the one here, while a snapshot is loaded.
                    "io.witan.tree.TreeLoader");

    private final String root;
    private final String[] core;

    Rules(String root) {
        this.root = root;
        this.core = packages("wire", "tree", "zab", "replica");
    }

    List<ArchRule> all() {
        var all = new ArrayList<ArchRule>();
        all.add(coreUsesOnlyWhatComputes());
        all.add(coreHasNoThreads());
        all.add(coreDoesNotSynchronize());
        all.add(coreHasNoClock());
        all.add(coreHasNoRandomness());
        all.add(coreReadsNoSettingsAndPrintsNothing());
        all.add(coreHasNoStaticState());
        all.add(coreWalksNothingUnordered());
        all.add(coreTouchesNoIdentityHashes());
        all.addAll(modulesPointOneWay());
        all.add(onlyTheServerKnowsNetty());
        all.add(packagesHaveNoCycles());
        all.add(onlyMainsEndTheProcess());
        return all;
    }

    private ArchRule coreUsesOnlyWhatComputes() {
        var allowed = Stream.concat(Stream.of(core), Stream.of(JDK_OF_THE_CORE));
        return classes()
                .that()
                .resideInAnyPackage(core)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(allowed.toArray(String[]::new)).or(isPrimitiveOrArray()))
                .as("the core uses no files, sockets, channels, locks, executors or libraries")
                .because(
                        "events come in and effects go out; the simulator replays a run from its seed");
    }

    private ArchRule coreHasNoThreads() {
        return noClasses()
                .that()
                .resideInAnyPackage(core)
                .should()
                .dependOnClassesThat(
                        describe(
                                "run or wait",
                                type -> CLASSES_THAT_RUN_OR_WAIT.contains(type.getName())))
                .orShould()
                .callMethodWhere(called(Object.class.getName(), "wait|notify|notifyAll"))
                .as("the core starts no threads and waits for none")
                .because("one thread owns it, and whoever assembles the server decides which");
    }

    private ArchRule coreDoesNotSynchronize() {
        return methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(core)
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .as("the core has no synchronized methods")
                .because("its state has one owner thread; a lock would hide that a second one came")
                .allowEmptyShould(true);
    }

    private ArchRule coreHasNoClock() {
        return noClasses()
                .that()
                .resideInAnyPackage(core)
                .should()
                .callMethodWhere(called("java.lang.System", "nanoTime|currentTimeMillis"))
                .orShould(dependOn("java.util.Date"))
                .orShould(dependOn("java.util.Calendar"))
                .as("the core reads no clock")
                .because("time comes in as an argument, so a simulated hour takes a second");
    }

    private ArchRule coreHasNoRandomness() {
        return noClasses()
                .that()
                .resideInAnyPackage(core)
                .should()
                .callMethodWhere(called("java.lang.(Strict)?Math", "random"))
                .orShould()
                .callMethodWhere(called("java.util.UUID", "randomUUID"))
                .orShould()
                .callMethodWhere(
                        called(
                                "java.util.random.RandomGenerator(Factory)?",
                                "of|getDefault|create"))
                .orShould()
                .callConstructorWhere(
                        describe("it makes a generator without a seed", Rules::isUnseeded))
                .orShould(dependOn("java.security.SecureRandom"))
                .as("the core has no randomness of its own")
                .because("random numbers come from a seeded source that is passed in");
    }

    private ArchRule coreReadsNoSettingsAndPrintsNothing() {
        return noClasses()
                .that()
                .resideInAnyPackage(core)
                .should()
                .callMethodWhere(
                        called("java.lang.System", "getProperty|getProperties|getenv|exit|load.*"))
                .orShould()
                .callMethodWhere(
                        called("java.lang.(Integer|Long|Boolean)", "getInteger|getLong|getBoolean"))
                .orShould()
                .accessFieldWhere(
                        JavaAccess.Predicates.target(owner(nameMatching("java\\.lang\\.System")))
                                .and(JavaAccess.Predicates.target(nameMatching("in|out|err"))))
                .as("the core reads no settings and prints nothing")
                .because(
                        "settings are read once, at the edge, and the core's effects are its record");
    }

    private ArchRule coreHasNoStaticState() {
        return fields().that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(core)
                .and()
                .areStatic()
                .should()
                .beFinal()
                .as("the core has no static variables")
                .because("thousands of servers share one JVM in the simulator");
    }

    private ArchRule coreWalksNothingUnordered() {
        return noClasses()
                .that()
                .resideInAnyPackage(core)
                .and(
                        describe(
                                "are not known to only look up",
                                type -> !UNORDERED_BUT_NEVER_WALKED.contains(type.getName())))
                .should()
                .callConstructorWhere(
                        describe(
                                "it makes an unordered collection",
                                call ->
                                        call.getTargetOwner()
                                                .getName()
                                                .matches(
                                                        "java\\.util\\.(HashMap|HashSet|IdentityHashMap|WeakHashMap|Hashtable)")))
                .orShould()
                .callMethodWhere(
                        called("java.util.(Map|Set)", "of|copyOf|ofEntries")
                                .and(describe("with elements", Rules::hasArguments)))
                .orShould()
                .callMethodWhere(
                        called(
                                "java.util.stream.Collectors",
                                "toSet|toUnmodifiableSet|toMap|toUnmodifiableMap|groupingBy"))
                .as("the core has no unordered collections")
                .because(
                        "their order differs between JVMs and could reach an output; where one is only"
                                + " asked and never walked, its class is listed in Rules, with the reason");
    }

    private ArchRule coreTouchesNoIdentityHashes() {
        return noClasses()
                .that()
                .resideInAnyPackage(core)
                .and(
                        describe(
                                "are not the set whose order nobody sees",
                                // Members are asked for, and the set is walked only to empty it
                                // into
                                // a snapshot's order of its own.
                                type -> !type.getName().equals("io.witan.tree.ZnodeSet")))
                .should()
                .callMethodWhere(called("java.lang.System", "identityHashCode"))
                .as("the core uses no identity hashes")
                .because("they differ in each run, and so would whatever is ordered by them");
    }

    private List<ArchRule> modulesPointOneWay() {
        return List.of(
                mayUse("wire"),
                mayUse("tree", "wire"),
                mayUse("storage", "wire"),
                mayUse("zab", "wire"),
                mayUse("replica", "wire", "tree", "zab"),
                mayUse("server", "wire", "tree", "zab", "storage", "replica"));
    }

    private ArchRule mayUse(String module, String... others) {
        var allowed = new ArrayList<>(List.of(others));
        allowed.add(module);
        return noClasses()
                .that()
                .resideInAPackage(root + "." + module + "..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(root + "..")
                                .and(
                                        DescribedPredicate.not(
                                                resideInAnyPackage(
                                                        packages(allowed.toArray(String[]::new))))))
                .as(module + " uses nothing of ours but " + String.join(", ", others))
                .because("dependencies point one way, as the table in ARCHITECTURE.md says")
                .allowEmptyShould(true);
    }

    private ArchRule onlyTheServerKnowsNetty() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages("server", "benchmarks"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty.."))
                .as("only the server knows Netty")
                .because(
                        "the records are plain bytes, so the client and the simulator need no Netty");
    }

    private ArchRule packagesHaveNoCycles() {
        return slices().matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .as("packages have no cycles")
                .because("of two packages that need each other neither can be read alone");
    }

    private ArchRule onlyMainsEndTheProcess() {
        return noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Main")
                .and()
                .haveSimpleNameNotEndingWith("Training")
                .should()
                .callMethodWhere(called("java.lang.(System|Runtime)", "exit|halt"))
                .as("only mains end the process")
                .because(
                        "elsewhere it would end the tests, or the program that a server is part of");
    }

    private String[] packages(String... modules) {
        return Stream.of(modules).map(it -> root + "." + it + "..").toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> isPrimitiveOrArray() {
        return describe("primitive or array", type -> type.isPrimitive() || type.isArray());
    }

    private static DescribedPredicate<JavaCall<?>> called(String owner, String method) {
        return target(owner(nameMatching(owner))).and(target(nameMatching(method)));
    }

    private static ArchCondition<JavaClass> dependOn(String name) {
        return ArchConditions.dependOnClassesThat(
                describe("is " + name, type -> type.getName().equals(name)));
    }

    private static boolean hasArguments(JavaCall<?> call) {
        return !call.getTarget().getRawParameterTypes().isEmpty();
    }

    private static boolean isUnseeded(JavaConstructorCall call) {
        return call.getTargetOwner().isAssignableTo("java.util.random.RandomGenerator")
                && !hasArguments(call);
    }
}
