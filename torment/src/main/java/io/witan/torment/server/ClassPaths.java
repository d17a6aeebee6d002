package io.witan.torment.server;

/// Where the programs are.
///
/// @param apache empty if Apache ZooKeeper is not there
public record ClassPaths(String witan, String apache) {

    String of(Product product) {
        return switch (product) {
            case WITAN -> witan;
            case APACHE -> apache;
        };
    }
}
