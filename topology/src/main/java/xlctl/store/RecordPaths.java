package xlctl.store;

/** Paths of records: absolute, words between single slashes. */
final class RecordPaths {
    private RecordPaths() {}

    /** The path above; empty above a path of one word. */
    static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    static boolean isAtOrBelow(String path, String top) {
        return path.equals(top) || path.startsWith(top + "/");
    }

    static void requireValid(String path) {
        if (!path.matches("(/[^/\\p{Cntrl}]+)+")) {
            throw new IllegalArgumentException("\"" + path + "\" is not the path of a record");
        }
    }
}
