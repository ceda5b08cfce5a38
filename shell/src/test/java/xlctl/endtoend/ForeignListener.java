package xlctl.endtoend;

import java.net.InetAddress;
import java.net.ServerSocket;

/** Listens on an address until it is killed. */
final class ForeignListener {
    private ForeignListener() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerSocket socket =
                new ServerSocket(
                        Integer.parseInt(arguments[1]), 1, InetAddress.getByName(arguments[0]))) {
            System.out.println("listening");
            socket.accept();
        }
    }
}
