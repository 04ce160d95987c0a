import java.util.Properties;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Solr on 127.0.0.1. Arguments: PORT SOLR_HOME (holds solr.xml and, if locked, security.json). */
public class Solr {
    public static void main(String[] a) throws Exception {
        JettyConfig config = JettyConfig.builder().setPort(Integer.parseInt(a[0])).build();
        new JettySolrRunner(a[1], new Properties(), config).start();
        Thread.sleep(Long.MAX_VALUE);
    }
}
