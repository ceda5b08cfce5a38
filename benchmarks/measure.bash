# Sourced by the benchmarks: how they measure and what they print.

say() { printf '%s\n' "$*" >&2; }

# milliseconds COMMAND...: how long it takes, on standard output; what it says goes to the log.
milliseconds() {
    local from=$EPOCHREALTIME to
    "$@" </dev/null >>"$log" 2>&1 || {
        say "failed: $*" && tail -n 5 "$log" >&2 && exit 1
    }
    to=$EPOCHREALTIME
    echo $(((${to/./} - ${from/./}) / 1000))
}

times() {
    local n=$1 i
    shift
    for ((i = 0; i < n; i++)); do "$@"; done
}

# summary VALUE...: the median, the least and the greatest.
summary() {
    printf '%s\n' "$@" | sort -n |
        awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)], value[1], value[NR] }'
}

# machine LOAD: the line above a table; LOAD is what /proc/loadavg said before.
machine() {
    printf '%s, %s processors (%s), Linux %s, load %s before and %s after\n' "$(date -u +%F)" \
        "$(nproc)" "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(uname -r)" \
        "${1%% *}" "$(cut -d' ' -f1 /proc/loadavg)"
}
