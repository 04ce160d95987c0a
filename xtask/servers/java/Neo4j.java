import java.nio.file.Path;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.harness.Neo4jBuilders;

/** Neo4j on 127.0.0.1. Arguments: HTTP_PORT BOLT_PORT DATA_DIR open|locked (locked: neo4j:neo4j). */
public class Neo4j {
    public static void main(String[] a) throws Exception {
        Neo4jBuilders.newInProcessBuilder(Path.of(a[2]))
                .withConfig(HttpConnector.enabled, true)
                .withConfig(HttpConnector.listen_address, new SocketAddress("127.0.0.1", Integer.parseInt(a[0])))
                .withConfig(BoltConnector.enabled, true)
                .withConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", Integer.parseInt(a[1])))
                .withConfig(GraphDatabaseSettings.auth_enabled, a[3].equals("locked"))
                .build();
        Thread.sleep(Long.MAX_VALUE);
    }
}
