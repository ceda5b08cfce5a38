package xlctl.shell.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Texts by their names, without secrets. */
public final class Bundle {
    private final Redaction redaction;
    private final Map<String, String> texts = new LinkedHashMap<>();

    public Bundle(Redaction redaction) {
        this.redaction = redaction;
    }

    /** Nothing else gets in: what is in it has been made unreadable where it must be. */
    public void add(String name, String text) {
        texts.put(redaction.of(name), redaction.of(text));
    }

    public int size() {
        return texts.size();
    }

    /** As a zip file whose entries are in a directory of this name. */
    public byte[] zip(String directory, Instant now) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> text : texts.entrySet()) {
                ZipEntry entry = new ZipEntry(directory + "/" + text.getKey());
                entry.setLastModifiedTime(FileTime.from(now));
                zip.putNextEntry(entry);
                zip.write(text.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a zip file in memory cannot be written", e);
        }
        return bytes.toByteArray();
    }
}
