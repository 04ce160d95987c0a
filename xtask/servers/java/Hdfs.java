import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** A name node and a data node on 127.0.0.1. Arguments: HTTP_PORT RPC_PORT DATA_DIR open|locked. */
public class Hdfs {
    public static void main(String[] a) throws Exception {
        Configuration c = new HdfsConfiguration();
        c.set("hdfs.minidfs.basedir", a[2]);
        if (a[3].equals("locked")) {
            c.set("hadoop.http.filter.initializers", "org.apache.hadoop.security.AuthenticationFilterInitializer");
            c.set("hadoop.http.authentication.type", "simple");
            c.set("hadoop.http.authentication.simple.anonymous.allowed", "false");
        }
        new MiniDFSCluster.Builder(c).numDataNodes(1).nameNodeHttpPort(Integer.parseInt(a[0]))
                .nameNodePort(Integer.parseInt(a[1])).format(true).build().waitActive();
        Thread.sleep(Long.MAX_VALUE);
    }
}
