package xlctl.fleet;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import xlctl.agent.tls.HostCertificates;
import xlctl.agent.tls.TlsFiles;
import xlctl.certificate.CertificateAuthority;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;

/**
 * A server that speaks as much of PostgreSQL's protocol as comes before a password: it says that it
 * can encrypt, shows its certificate, and hangs up.
 */
final class EncryptedServer {
    private static final HostName HOST = new HostName("127.0.0.1");
    private static final int SSL_REQUEST_LENGTH = 8;

    private EncryptedServer() {}

    /** Has a host's certificate made, and connects to its server once as an agent does. */
    static void rehearse(Path directory) throws IOException, GeneralSecurityException {
        HostCertificates certificates =
                new HostCertificates(
                        new TlsFiles(directory), HOST, Set.of(HOST.value()), Clock.systemUTC());
        CertificateAuthority authority =
                CertificateAuthority.create(new ClusterName("fleet"), Clock.systemUTC().instant());
        String request = certificates.wish().request();
        var unused =
                certificates.install(
                        authority
                                .sign(
                                        request,
                                        HOST,
                                        CertificateAuthority.namesIn(request),
                                        Clock.systemUTC().instant())
                                .text(),
                        authority.certificate());
        SSLContext context = context(certificates.files());
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST.value()))) {
            CompletableFuture<Void> served =
                    CompletableFuture.runAsync(() -> serve(socket, context));
            connect(socket.getLocalPort(), certificates.files().authority());
            served.join();
        }
    }

    private static void connect(int port, Path authority) {
        Properties login = new Properties();
        login.setProperty("user", "nobody");
        login.setProperty("password", "");
        login.setProperty("sslmode", "verify-full");
        login.setProperty("sslrootcert", authority.toString());
        try {
            DriverManager.getConnection("jdbc:postgresql://" + HOST + ":" + port + "/", login)
                    .close();
            throw new IllegalStateException("nobody can log in here");
        } catch (SQLException hungUp) {
            if (!hungUp.getSQLState().startsWith("08")) {
                throw new IllegalStateException(hungUp);
            }
        }
    }

    private static void serve(ServerSocket listening, SSLContext context) {
        try (Socket socket = listening.accept()) {
            new DataInputStream(socket.getInputStream()).readFully(new byte[SSL_REQUEST_LENGTH]);
            socket.getOutputStream().write('S');
            try (SSLSocket encrypted =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(socket, HOST.value(), socket.getPort(), false)) {
                encrypted.setUseClientMode(false);
                encrypted.startHandshake();
                var unused = encrypted.getInputStream().read();
            }
        } catch (IOException e) {
            throw new IllegalStateException("no connection was encrypted", e);
        }
    }

    private static SSLContext context(TlsFiles files) throws IOException, GeneralSecurityException {
        String pem = Files.readString(files.certifiedKey());
        PrivateKey key =
                KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(content("PRIVATE KEY", pem)));
        Certificate certificate =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(content("CERTIFICATE", pem)));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("host", key, new char[0], new Certificate[] {certificate});
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static byte[] content(String label, String pem) {
        String begin = "-----BEGIN " + label + "-----";
        int start = pem.indexOf(begin) + begin.length();
        return Base64.getMimeDecoder().decode(pem.substring(start, pem.indexOf("-----END", start)));
    }
}
