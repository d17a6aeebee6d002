package io.witan.torment.server;

import java.util.ArrayList;
import java.util.List;

/// Where the programs are.
///
/// @param apache empty if Apache ZooKeeper is not there
/// @param apacheFlags for its JVM
public record ClassPaths(String witan, String apache, List<String> apacheFlags) {

    /// What stands between `java` and the configuration file.
    List<String> arguments(Product product) {
        List<String> arguments = new ArrayList<>();
        switch (product) {
            case WITAN -> {
                arguments.add("--enable-native-access=ALL-UNNAMED");
                arguments.add("-Dslf4j.provider=io.witan.server.logging.LineLogProvider");
            }
            case APACHE -> {
                arguments.add("-Dzookeeper.admin.enableServer=false");
                arguments.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=info");
                arguments.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
                arguments.addAll(apacheFlags);
            }
        }
        arguments.addAll(List.of("-cp", product == Product.WITAN ? witan : apache));
        arguments.add(product.mainClass());
        return arguments;
    }
}
