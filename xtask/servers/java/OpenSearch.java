import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One OpenSearch node on loopback, until it is killed.
 * Arguments: HTTP_PORT TRANSPORT_PORT DATA open|locked|anonymous|certificate SECURITY_CONFIG CA
 *
 * open has no security plugin. locked has it with its own users, behind TLS with
 * a self-signed certificate; anonymous lets anyone read documents besides, and
 * certificate wants one of the authority CA of every client.
 */
public class OpenSearch {
    private static final String PASSWORD = "loopback";

    public static void main(String[] arguments) throws Exception {
        String state = arguments[3];
        Path base = Path.of(arguments[2]).toAbsolutePath();
        boolean secured = !state.equals("open");
        if (secured) {
            layOut(base.resolve("node_1/config"), Path.of(arguments[4]), state.equals("anonymous"));
        }
        boolean certificate = state.equals("certificate");
        if (certificate) {
            keytool(base.resolve("node_1/config"),
                    "-importcert -noprompt -alias ca -keystore trust.p12 -file " + arguments[5]);
        }
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", arguments[0]);
            settings.put("transport.port", arguments[1]);
            settings.put("discovery.type", "single-node");
            if (!secured) {
                return;
            }
            for (String layer : List.of("transport", "http")) {
                for (String store : List.of("key", "trust")) {
                    String prefix = "plugins.security.ssl." + layer + "." + store + "store_";
                    settings.put(prefix + "type", "PKCS12");
                    settings.put(prefix + "filepath", store + ".p12");
                    settings.put(prefix + "password", PASSWORD);
                }
            }
            settings.put("plugins.security.ssl.http.enabled", "true");
            settings.put("plugins.security.ssl.transport.enforce_hostname_verification", "false");
            settings.put("plugins.security.allow_default_init_securityindex", "true");
            settings.put("plugins.security.authcz.admin_dn", certificate ? "CN=postgres" : "CN=admin");
            if (certificate) {
                settings.put("plugins.security.ssl.http.clientauth_mode", "REQUIRE");
            }
            settings.put("plugins.security.nodes_dn", "CN=node");
        });
        OpenSearchRunner.Configs configs = OpenSearchRunner.newConfigs()
                .numOfNode(1).basePath(base.toString()).clusterName("tests").disableESLogger();
        if (secured) {
            configs.pluginTypes("org.opensearch.security.OpenSearchSecurityPlugin");
        }
        runner.build(configs);
        Thread.sleep(Long.MAX_VALUE);
    }

    /** The plugin's own files, a certificate, and a role for anyone where that is wanted. */
    private static void layOut(Path config, Path from, boolean anonymous) throws Exception {
        Path to = Files.createDirectories(config.resolve("opensearch-security"));
        try (var files = Files.newDirectoryStream(from, "*.yml")) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        if (anonymous) {
            Path main = to.resolve("config.yml");
            Files.writeString(main, Files.readString(main)
                    .replace("anonymous_auth_enabled: false", "anonymous_auth_enabled: true"));
            append(to.resolve("roles.yml"), """

                    anyone_reads:
                      reserved: false
                      cluster_permissions: ['cluster_composite_ops_ro', 'cluster_monitor']
                      index_permissions:
                        - index_patterns: ['*']
                          allowed_actions: ['read', 'indices_monitor']
                    """);
            append(to.resolve("roles_mapping.yml"), """

                    anyone_reads:
                      reserved: false
                      backend_roles: ['opendistro_security_anonymous_backendrole']
                    """);
        }
        keytool(config, "-genkeypair -alias node -keyalg EC -groupname secp256r1 -dname CN=node"
                + " -ext SAN=ip:127.0.0.1 -validity 3650 -keystore key.p12");
        keytool(config, "-exportcert -rfc -alias node -keystore key.p12 -file node.pem");
        keytool(config, "-importcert -noprompt -alias node -file node.pem -keystore trust.p12");
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private static void keytool(Path folder, String words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(words.split(" ")));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        if (new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor() != 0) {
            throw new IOException("keytool failed: " + words);
        }
    }
}
