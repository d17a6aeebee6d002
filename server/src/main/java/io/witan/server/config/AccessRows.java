package io.witan.server.config;

import static io.witan.server.config.SettingRows.BOTH;
import static io.witan.server.config.SettingRows.FILE;
import static io.witan.server.config.SettingRows.JVM;
import static io.witan.server.config.SettingRows.TEXT;
import static io.witan.server.config.SettingRows.TRUE_FALSE;
import static io.witan.server.config.SettingRows.YES_NO;
import static io.witan.server.config.SettingRows.deprecated;
import static io.witan.server.config.SettingRows.none;
import static io.witan.server.config.SettingRows.notYet;
import static io.witan.server.config.SettingRows.works;

import io.witan.server.config.Setting.Kind;

import java.util.ArrayList;
import java.util.List;

/// What concerns who may do what, for [SettingTable].
final class AccessRows {

    private AccessRows() {}

    static List<Setting> access() {
        return List.of(
                works(
                        "skipACL",
                        BOTH,
                        YES_NO,
                        "no",
                        "With `yes`, access lists are ignored: anybody may do anything."),
                works(
                        "DigestAuthenticationProvider.enabled",
                        BOTH,
                        TRUE_FALSE,
                        "true",
                        "The scheme `digest`."),
                works(
                        "DigestAuthenticationProvider.superDigest",
                        BOTH,
                        new Kind.Text("user:hash", true),
                        "",
                        "User name and digest of the one whom no access list stops."),
                works(
                        "DigestAuthenticationProvider.digestAlg",
                        BOTH,
                        new Kind.Text(
                                "a message digest of the JDK, such as SHA1 or SHA-256", false),
                        "SHA1",
                        "Algorithm of the hashes of the scheme `digest`. The same on all servers,"
                                + " for ever."),
                works(
                        "enforce.auth.enabled",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Requests of a connection that has no id of enforce.auth.schemes are"
                                + " refused (error -124)."),
                works(
                        "enforce.auth.schemes",
                        BOTH,
                        new Kind.Text("a comma list of digest, ip", true),
                        "",
                        "The schemes, any one of which will do."),
                none(
                        "enableEagerACLCheck",
                        BOTH,
                        TRUE_FALSE,
                        "Rights are checked by the leader, once."),
                notYet(
                        "authProvider.*",
                        BOTH,
                        TEXT,
                        "Classes that authenticate: here digest and ip are built in."),
                notYet("ssl.authProvider", BOTH, TEXT, "What authenticates TLS clients."),
                notYet(
                        "X509AuthenticationProvider.superUser",
                        BOTH,
                        TEXT,
                        "The super user among TLS clients."),
                notYet(
                        "ensembleAuthName",
                        BOTH,
                        TEXT,
                        "Refuses clients that mean another ensemble."),
                none(
                        "IPAuthenticationProvider.usexforwardedfor",
                        BOTH,
                        TRUE_FALSE,
                        "It concerns the HTTP administration port, which this version does not"
                                + " have."));
    }

    static List<Setting> sasl() {
        var rows = new ArrayList<Setting>();
        rows.add(
                works(
                        "sessionRequireClientSASLAuth",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Only clients that authenticated with SASL are served. This version has no"
                                + " SASL, so `true` is refused at the start rather than shut everybody"
                                + " out."));
        rows.add(
                deprecated(
                        "requireClientAuthScheme",
                        BOTH,
                        TEXT,
                        "Guides name it, no release since 3.5 reads it. Use enforce.auth.enabled"
                                + " and enforce.auth.schemes."));
        for (var key :
                List.of(
                        "allowSaslFailedClients",
                        "superUser",
                        "superUser.*",
                        "letAnySaslUserDoX",
                        "SASLAuthenticationProvider.superPassword",
                        "sasl.serverconfig",
                        "security.auth_to_local",
                        "requireKerberosConfig",
                        "server.realm",
                        "kerberos.removeHostFromPrincipal",
                        "kerberos.removeRealmFromPrincipal",
                        "kerberos.canonicalizeHostNames",
                        "kerberos.minReLoginTimeMs",
                        "kinit",
                        "jaasLoginRenew",
                        "allowNonSaslClients")) {
            rows.add(notYet(key, BOTH, TEXT, "Authentication of clients by SASL."));
        }
        rows.add(
                notYet(
                        "java.security.auth.login.config",
                        JVM,
                        TEXT,
                        "The JDK's own: where SASL's accounts are."));
        return rows;
    }

    static List<Setting> tls() {
        var rows = new ArrayList<Setting>();
        for (var key :
                List.of(
                        "protocol",
                        "enabledProtocols",
                        "ciphersuites",
                        "keyStore.location",
                        "keyStore.password",
                        "keyStore.passwordPath",
                        "keyStore.type",
                        "trustStore.location",
                        "trustStore.password",
                        "trustStore.passwordPath",
                        "trustStore.type",
                        "context.supplier.class",
                        "hostnameVerification",
                        "clientHostnameVerification",
                        "allowReverseDnsLookup",
                        "crl",
                        "ocsp",
                        "clientAuth",
                        "handshakeDetectionTimeoutMillis")) {
            rows.add(notYet("ssl." + key, BOTH, TEXT, "TLS on the client port."));
            rows.add(notYet("ssl.quorum." + key, BOTH, TEXT, "TLS between servers."));
        }
        rows.add(notYet("ssl.sslProvider", BOTH, TEXT, "Which TLS library."));
        rows.add(notYet("fips-mode", BOTH, TRUE_FALSE, "Keeps to what FIPS allows."));
        rows.add(
                notYet(
                        "client.certReload",
                        BOTH,
                        TRUE_FALSE,
                        "Reads certificates again when they change."));
        rows.add(
                notYet(
                        "sslQuorum",
                        FILE,
                        TRUE_FALSE,
                        "TLS between servers; with it a member does not start."));
        rows.add(
                notYet(
                        "portUnification",
                        FILE,
                        TRUE_FALSE,
                        "TLS between servers; with it a member does not start."));
        rows.add(notYet("sslQuorumReloadCertFiles", FILE, TRUE_FALSE, "TLS between servers."));
        return rows;
    }
}
