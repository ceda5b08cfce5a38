package xlctl.session;

import java.io.IOException;
import java.nio.file.Path;
import xlctl.text.NewFile;

/** Private keys in files of their own. */
public final class KeyFiles {
    private KeyFiles() {}

    /**
     * Writes the private half of a new key pair to a new file.
     *
     * @return the public half as a line for an agent's authorized keys
     */
    public static String generate(Path privateFile, String comment) throws IOException {
        SshKey.Pair pair = SshKey.pair(comment);
        NewFile.forOwner(privateFile, pair.privateHalf());
        return pair.publicHalf();
    }
}
