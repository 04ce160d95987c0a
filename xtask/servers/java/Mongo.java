import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An in-memory server of MongoDB's protocol on loopback; it has no logins.
 * Arguments: PORT STATE. In the state open it holds three documents.
 */
public class Mongo {
    public static void main(String[] arguments) throws Exception {
        MongoServer server = new MongoServer(new MemoryBackend());
        int port = Integer.parseInt(arguments[0]);
        server.bind("127.0.0.1", port);
        if (arguments[1].equals("open")) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                socket.getOutputStream().write(insert());
                socket.getInputStream().read();
            }
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    /** OP_MSG: insert three empty documents into support.records. */
    private static byte[] insert() throws Exception {
        byte[] empty = document(new byte[0]);
        byte[] list = document(element(3, "0", empty), element(3, "1", empty), element(3, "2", empty));
        byte[] command = document(element(2, "insert", text("records")), element(4, "documents", list),
                element(2, "$db", text("support")));
        ByteBuffer message = ByteBuffer.allocate(21 + command.length).order(ByteOrder.LITTLE_ENDIAN);
        return message.putInt(21 + command.length).putInt(1).putInt(0).putInt(2013)
                .putInt(0).put((byte) 0).put(command).array();
    }

    private static byte[] element(int kind, String name, byte[] value) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(kind);
        out.write(name.getBytes(StandardCharsets.UTF_8));
        out.write(0);
        out.write(value);
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(5 + bytes.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length + 1).put(bytes).put((byte) 0).array();
    }

    private static byte[] document(byte[]... elements) {
        int length = 5;
        for (byte[] element : elements) {
            length += element.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
        for (byte[] element : elements) {
            out.put(element);
        }
        return out.put((byte) 0).array();
    }
}
