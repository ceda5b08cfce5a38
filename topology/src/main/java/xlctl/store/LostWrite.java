package xlctl.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;

/**
 * Finds out, from what is in the tree now, whether writes took place whose answer was lost. Since
 * they take place together or not at all, one certain sign is enough; the mark in every record
 * makes its bytes one.
 */
final class LostWrite {
    enum Verdict {
        WRITTEN,
        NOT_WRITTEN,
        CANNOT_BE_TOLD
    }

    /**
     * One write and what is at its path now.
     *
     * @param before which record a write deletes, as it was known before it was sent: a number that
     *     a record made later under the same path does not have
     */
    record Trace(Write write, Optional<Found> found, Optional<Long> before) {
        Sign sign() {
            if (write instanceof Create create) {
                return ofCreate(create);
            }
            if (write instanceof Replace replace) {
                return ofReplace(replace);
            }
            return write instanceof Delete ? ofDelete() : Sign.NONE;
        }

        private Sign ofCreate(Create create) {
            if (found.isEmpty()) {
                return Sign.NOT_WRITTEN;
            }
            if (Arrays.equals(found.get().data(), create.data())) {
                return Sign.WRITTEN;
            }
            return found.get().version() == 0 ? Sign.NOT_WRITTEN : Sign.UNKNOWN;
        }

        private Sign ofReplace(Replace replace) {
            if (found.isEmpty()) {
                return Sign.UNKNOWN;
            }
            if (Arrays.equals(found.get().data(), replace.data())) {
                return Sign.WRITTEN;
            }
            return found.get().version() <= replace.version() + 1 ? Sign.NOT_WRITTEN : Sign.UNKNOWN;
        }

        private Sign ofDelete() {
            if (before.isEmpty()) {
                return Sign.NOT_WRITTEN;
            }
            boolean stillThere =
                    found.isPresent() && found.get().creation() == before.get().longValue();
            return stillThere ? Sign.NOT_WRITTEN : Sign.GONE;
        }
    }

    /**
     * A record as it is now.
     *
     * @param creation a number that no other record of the same path has
     */
    record Found(byte[] data, int version, long creation) {}

    private enum Sign {
        WRITTEN,
        NOT_WRITTEN,
        /** Deleted, as asked, but perhaps by somebody else. */
        GONE,
        UNKNOWN,
        /** Writes that change nothing leave no sign. */
        NONE
    }

    private LostWrite() {}

    /**
     * Writes that only delete count as done when all of their records are gone: whoever deleted
     * them, they are as asked.
     */
    static Verdict judge(List<Trace> traces) {
        List<Sign> signs = traces.stream().map(Trace::sign).toList();
        if (signs.contains(Sign.WRITTEN)) {
            return Verdict.WRITTEN;
        }
        if (signs.contains(Sign.NOT_WRITTEN)) {
            return Verdict.NOT_WRITTEN;
        }
        if (signs.contains(Sign.UNKNOWN)) {
            return Verdict.CANNOT_BE_TOLD;
        }
        return signs.contains(Sign.GONE) ? Verdict.WRITTEN : Verdict.NOT_WRITTEN;
    }
}
