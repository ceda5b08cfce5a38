package xlctl.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads files that people write: UTF-8, without zero bytes, and no larger than what they are for.
 */
public final class TextFile {
    /** The largest file of settings, keys or lines for a server. */
    public static final int MOST_BYTES = 1024 * 1024;

    private TextFile() {}

    /**
     * Reads a file, a pipe or a device to its end, and never more than {@link #MOST_BYTES}.
     *
     * @throws NoSuchFileException when there is none
     * @throws UnusableTextException when it is there and cannot be used
     */
    public static String read(Path file) throws IOException {
        return read(file, MOST_BYTES);
    }

    /** The same, of what may be larger or must be smaller. */
    public static String read(Path file, int most) throws IOException {
        return text(bytes(file, most), file);
    }

    /**
     * The bytes of a file, a pipe or a device.
     *
     * @throws NoSuchFileException when there is none
     * @throws UnusableTextException when it is no file that may be read, or larger than {@code
     *     most}
     */
    public static byte[] bytes(Path file, int most) throws IOException {
        if (Files.isDirectory(file)) {
            throw new UnusableTextException("it is a directory");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return bytes(in, most);
        } catch (AccessDeniedException e) {
            throw new UnusableTextException("permission denied");
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new UnusableTextException(reason(e));
        }
    }

    private static String reason(FileSystemException e) {
        String reason = String.valueOf(e.getReason());
        return Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
    }

    /** The same, of what is open already. */
    public static byte[] bytes(InputStream in, int most) throws IOException {
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new UnusableTextException("it is larger than " + most / (1024 * 1024) + " MB");
        }
        return bytes;
    }

    private static String text(byte[] bytes, Path file) throws UnusableTextException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            throw new UnusableTextException(
                    "it is not UTF-8 text, at " + place(file, text, text.length()));
        }
        int zero = text.indexOf('\0');
        if (zero >= 0) {
            throw new UnusableTextException(
                    "it is not a text: it has a zero byte in it, at " + place(file, text, zero));
        }
        return text;
    }

    private static String place(Path file, String text, int at) {
        int lineStart = text.lastIndexOf('\n', at - 1) + 1;
        long line = text.substring(0, lineStart).chars().filter(c -> c == '\n').count() + 1;
        int column = text.codePointCount(lineStart, at) + 1;
        return Quoted.line(file + ":" + line + ":" + column);
    }
}
