# Sourced by xlctl and xlctl-agent. In a source tree the programs' jars are in MODULE/target/lib, built
# here when missing or older than the sources; where a program was copied to, in lib/PROGRAM:
#
#   DIR/bin/xlctl        DIR/lib/shell/*.jar
#   DIR/bin/xlctl-agent  DIR/lib/agent/*.jar      and DIR/bin/launch.bash

root=$(readlink -f "${BASH_SOURCE[0]}")
root=${root%/bin/*}

# A JVM takes a file of its own for a standard stream that is closed.
[[ -e /dev/fd/0 ]] || exec </dev/null
[[ -e /dev/fd/1 ]] || exec >/dev/null
[[ -e /dev/fd/2 ]] || exec 2>/dev/null

# A core has the passwords and keys in it that its process knew. What is started here has the same limit,
# servers included; it is the soft one: who needs a core raises it for a process (prlimit --core).
ulimit -S -c 0

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# Sets java to the first of JAVA_HOME's and the path's that is 17 or newer. Its version is read from
# its release file: a JVM started only to ask would double the time a command takes.
find_java() {
    local candidate home version found=
    for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(type -P java)"; do
        [[ -x $candidate ]] || continue
        home=$(readlink -f "$candidate")
        home=${home%/bin/java}
        version=
        if [[ -r $home/release && $(<"$home/release") =~ JAVA_VERSION=\"([0-9]+) ]]; then
            version=${BASH_REMATCH[1]}
        elif [[ $("$candidate" -version 2>&1) =~ version\ \"([0-9]+) ]]; then
            version=${BASH_REMATCH[1]}
        fi
        if ((${version:-0} >= 17)); then
            java=$candidate
            return
        fi
        found+=" $candidate is Java ${version:-of an unknown version}."
    done
    say "needs Java 17 or newer, in JAVA_HOME or on the PATH.${found:- Found none.}"
    say "on Debian: apt-get install openjdk-17-jre-headless"
    exit 3
}

# locate_jars PROGRAM MODULE: sets lib to where the program's jars are, class_path to them, and archive
# to the file in which xlctl-learn keeps their classes as the JVM has them in memory. The JVM ignores
# an archive made of other jars or by another JVM.
locate_jars() {
    lib=$root/lib/$1
    [[ -d $lib || ! -e $root/pom.xml ]] || lib=$root/$2/target/lib
    class_path=$(printf '%s:' "$lib"/*.jar)
    class_path=${class_path%:}
    archive=$lib/classes.jsa
}

# find_jars PROGRAM MODULE: the same, once they are there and current; adds the archive to fast_start.
find_jars() {
    if [[ ! -d $root/lib/$1 && -e $root/pom.xml ]]; then
        is_current "$2" || build "$2"
    fi
    locate_jars "$@"
    compgen -G "$lib/xlctl-$2-*.jar" >/dev/null || {
        say "no program in $lib: copy bin/ and lib/ together, or start it from a source tree"
        exit 3
    }
    [[ ! -r $archive ]] || fast_start+=("-XX:SharedArchiveFile=$archive")
}

is_current() {
    local jar
    jar=$(compgen -G "$root/$1/target/lib/xlctl-$1-*.jar") &&
        [[ -z $(find "$root"/{pom.xml,*/pom.xml,*/src/main} -newer "$jar" -print -quit 2>/dev/null) ]]
}

build() {
    local log status=0
    if ! command -v mvn >/dev/null; then
        say "$root has to be built first, and building needs Maven"
        say "on Debian: apt-get install maven"
        exit 3
    fi
    exec 9<"$root/pom.xml"
    flock 9
    if ! is_current "$1"; then
        say "building $root: its jars are missing or older than the sources"
        log=$(mktemp)
        (cd "$root" && exec mvn -B -q -Dstyle.color=never -DskipTests package) </dev/null >"$log" 2>&1 9<&- || status=$?
        if ((status != 0)); then
            cat "$log" >&2
            say "the build failed"
        fi
        rm -f "$log"
        ((status == 0)) || exit 3
    fi
    exec 9<&-
}

# The JVM says nothing about an archive that it cannot use: a command's output is its own. It maps one
# where it was made to lie: moved elsewhere every page of it would be a copy of this process's own.
fast_start=(-Xlog:cds=off -Xlog:cds+dynamic=off -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto
    -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0)
