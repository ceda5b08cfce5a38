package xlctl.store;

import java.util.List;
import xlctl.store.RecordTree.Check;
import xlctl.store.RecordTree.CheckOwn;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;

/** The words in which every tree refuses a write. */
final class Refusals {
    private static final int MAX_RECORD_BYTES = 1_000_000;

    /** A server closes the connection on a request of more than 1,048,575 bytes. */
    private static final int MAX_CHANGE_BYTES = 1_020_000;

    /** What a write takes beside its data and its path; most of it is the access list. */
    private static final int BYTES_AROUND_A_WRITE = 300;

    private Refusals() {}

    static StoreException.Stale exists(Write write, int version, Throwable cause) {
        return new StoreException.Stale(
                "cannot create "
                        + write.path()
                        + ": someone else has made it, it has version "
                        + version
                        + "; nothing was written: read it again",
                cause);
    }

    static StoreException.Stale absent(Write write, Throwable cause) {
        return new StoreException.Stale(
                "cannot "
                        + verb(write)
                        + " "
                        + write.path()
                        + expected(write)
                        + ": someone else has removed it; nothing was written: read it again",
                cause);
    }

    static StoreException.Stale otherVersion(Write write, int found, Throwable cause) {
        return new StoreException.Stale(
                "cannot "
                        + verb(write)
                        + " "
                        + write.path()
                        + expected(write)
                        + ": it has version "
                        + found
                        + "; nothing was written: read it again",
                cause);
    }

    static StoreException.Stale notOwn(Write write) {
        return new StoreException.Stale(
                "cannot rely on "
                        + write.path()
                        + expected(write)
                        + ": this session did not make it, or no longer has it;"
                        + " nothing was written",
                null);
    }

    static StoreException.Stale notEmpty(Write write, Throwable cause) {
        return new StoreException.Stale(
                "cannot delete "
                        + write.path()
                        + ": there are records below it; nothing was written: read them again",
                cause);
    }

    static StoreException.Denied denied(String doing, String path, String who, Throwable cause) {
        return new StoreException.Denied(
                who
                        + " may not "
                        + doing
                        + " "
                        + path
                        + ": check that the identity is the one of this cluster",
                cause);
    }

    static StoreException.NotPrepared notPrepared(Write write, String missing, String who) {
        return new StoreException.NotPrepared(
                "cannot create "
                        + write.path()
                        + ": "
                        + missing
                        + " does not exist yet and "
                        + who
                        + " may not make it: the controller does, with its first command for the"
                        + " cluster");
    }

    /** Refuses what a ZooKeeper server would answer by closing the connection. */
    static void requireSmallEnough(List<Write> writes) {
        long sum = 0;
        for (Write write : writes) {
            int size = data(write).length;
            if (size > MAX_RECORD_BYTES) {
                throw new StoreException.TooLarge(
                        "cannot "
                                + verb(write)
                                + " "
                                + write.path()
                                + ": it has "
                                + size
                                + " bytes, a record has at most "
                                + MAX_RECORD_BYTES);
            }
            sum += size + write.path().length() + BYTES_AROUND_A_WRITE;
        }
        if (sum > MAX_CHANGE_BYTES) {
            throw new StoreException.TooLarge(
                    "cannot write "
                            + writes.size()
                            + " records from "
                            + writes.get(0).path()
                            + " on at once: they have "
                            + sum
                            + " bytes, one change has at most "
                            + MAX_CHANGE_BYTES);
        }
    }

    static String verb(Write write) {
        if (write instanceof Create) {
            return "create";
        }
        if (write instanceof Replace) {
            return "replace";
        }
        return write instanceof Delete ? "delete" : "rely on";
    }

    private static byte[] data(Write write) {
        if (write instanceof Create create) {
            return create.data();
        }
        return write instanceof Replace replace ? replace.data() : new byte[0];
    }

    private static String expected(Write write) {
        if (write instanceof Replace replace) {
            return " at version " + replace.version();
        }
        if (write instanceof Delete delete) {
            return " at version " + delete.version();
        }
        if (write instanceof Check check) {
            return " at version " + check.version();
        }
        return write instanceof CheckOwn own ? " at version " + own.version() : "";
    }
}
