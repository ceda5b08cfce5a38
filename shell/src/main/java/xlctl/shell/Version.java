package xlctl.shell;

import xlctl.shell.settings.ProgramVersion;

/** Which xlctl this is. */
final class Version {
    private Version() {}

    static String text() {
        return "xlctl " + ProgramVersion.number();
    }
}
