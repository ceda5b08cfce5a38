# Sourced by benchmarks/engines, in its namespace: pgxc_ctl in the surroundings it needs. It works by
# `ssh` alone, with no option of its own, so there are a user with a key, hosts that are known, and
# the engine's programs on the path of a login without a terminal.

readonly owner=pgxl
owner_home=$dir/$owner
data=$dir/data

# The user exists in this mount namespace only.
make_owner() {
    local uid=60000
    while getent passwd "$uid" >/dev/null || getent group "$uid" >/dev/null; do uid=$((uid + 1)); done
    {
        echo "$owner:*:$uid:$uid::$owner_home:/bin/bash"
        grep -v "^$owner:" /etc/passwd
    } >"$dir/passwd"
    {
        echo "$owner:*:$uid:"
        grep -v "^$owner:" /etc/group
    } >"$dir/group"
    mount --bind "$dir/passwd" /etc/passwd
    mount --bind "$dir/group" /etc/group
    install -d -o "$owner" -g "$owner" -m 700 "$owner_home" "$owner_home/.ssh" "$data"
}

# start_ssh BIN: one server on the seven addresses, with BIN first on the path.
start_ssh() {
    local ssh=$dir/ssh
    if [[ ! -e $ssh ]]; then
        install -d -m 700 "$ssh"
        mkdir -p /run/sshd
        ssh-keygen -q -t ed25519 -N '' -f "$ssh/host_key"
        ssh-keygen -q -t ed25519 -N '' -f "$owner_home/.ssh/id_ed25519"
        cp "$owner_home/.ssh/id_ed25519.pub" "$owner_home/.ssh/authorized_keys"
        echo "127.0.1.* $(cut -d' ' -f1,2 "$ssh/host_key.pub")" >"$owner_home/.ssh/known_hosts"
        chown -R "$owner:$owner" "$owner_home/.ssh"
    else
        kill "$(<"$ssh/pid")" # It removes the file once its ports are free.
        within_seconds 5 test ! -e "$ssh/pid"
    fi
    {
        printf 'ListenAddress 127.0.1.%d\n' {1..7}
        printf '%s\n' "HostKey $ssh/host_key" "PidFile $ssh/pid" "SetEnv PATH=$1:$PATH" \
            "AllowUsers $owner" 'PasswordAuthentication no' 'UsePAM no' \
            'Subsystem sftp internal-sftp' # scp needs it.
    } >"$ssh/config"
    "$(type -P sshd)" -f "$ssh/config" >>"$log" 2>&1
    within_seconds 5 test -s "$ssh/pid"
}

# within_seconds N COMMAND...: fails unless the command succeeds in time.
within_seconds() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS <= until)) || { say "in vain: $*" && return 1; }
        sleep 0.1
    done
}

# as_owner BIN COMMAND...
as_owner() {
    local bin=$1
    shift
    setpriv --reuid="$owner" --regid="$owner" --clear-groups --inh-caps=-all env -i -C "$owner_home" \
        HOME="$owner_home" USER="$owner" LOGNAME="$owner" LANG=C.UTF-8 PATH="$bin:$PATH" "$@"
}

# Ends every process of the user and removes what it made: the next cluster starts from nothing.
forget_cluster() {
    pkill -KILL -u "$owner" || true # Of this process namespace, that is, of this benchmark.
    within_seconds 30 no_process
    rm -rf "${data:?}"/* "$owner_home/pgxc_ctl"
    find /tmp -mindepth 1 -delete
}

no_process() { ! pgrep -u "$owner" >/dev/null; }

# --- its configuration ---------------------------------------------------------------------------

# Every server listens on every address, so each has ports of its own. n is 1 to 3.
coordinator() { echo "coord_m_$1 127.0.1.$((2 * $1)) 3000$1 3001$1 $data/coord_m_$1"; }
datanode() { echo "data_m_$1 127.0.1.$((2 * $1 + 1)) 4000$1 4001$1 $data/data_m_$1"; }
readonly gtm_host=127.0.1.1 gtm_port=20001

# repeated N WORD
repeated() { times "$1" echo "$2" | paste -sd ' '; }

# column FIELD NODES
column() { cut -d' ' -f"$1" <<<"$2" | paste -sd ' '; }

# settings N: for a cluster with N coordinators and N datanodes, to be made by `init all`.
settings() {
    local n=$1 coordinators datanodes nones
    coordinators=$(for ((i = 1; i <= n; i++)); do coordinator "$i"; done)
    datanodes=$(for ((i = 1; i <= n; i++)); do datanode "$i"; done)
    nones=$(repeated "$n" none)
    cat <<TEXT
gtmName=gtm_m_1
gtmMasterServer=$gtm_host
gtmMasterPort=$gtm_port
gtmMasterDir=$data/gtm
gtmProxy=n
coordNames=($(column 1 "$coordinators"))
coordMasterServers=($(column 2 "$coordinators"))
coordPorts=($(column 3 "$coordinators"))
poolerPorts=($(column 4 "$coordinators"))
coordMasterDirs=($(column 5 "$coordinators"))
coordMaxWALSenders=($(repeated "$n" 5))
coordSpecificExtraConfig=($nones)
coordSpecificExtraPgHba=($nones)
primaryDatanode=none
datanodeNames=($(column 1 "$datanodes"))
datanodeMasterServers=($(column 2 "$datanodes"))
datanodePorts=($(column 3 "$datanodes"))
datanodePoolerPorts=($(column 4 "$datanodes"))
datanodeMasterDirs=($(column 5 "$datanodes"))
datanodeMaxWALSenders=($(repeated "$n" 5))
datanodeSpecificExtraConfig=($nones)
datanodeSpecificExtraPgHba=($nones)
TEXT
}

# prepare ENGINE BIN N: pgxc_ctl.conf, the engine's own template with our lines after it, of which
# the last holds. N is how many coordinators and datanodes are in it from the start.
prepare() {
    local engine=$1 bin=$2 n=$3 conf=$owner_home/pgxc_ctl/pgxc_ctl.conf template=(prepare minimal)
    [[ $engine == postgres-xl ]] || template=(prepare config empty)
    as_owner "$bin" pgxc_ctl "${template[@]}" </dev/null >>"$log" 2>&1
    {
        echo 'multiCluster=n'
        echo 'coordPgHbaEntries=(127.0.0.0/8)'
        echo 'datanodePgHbaEntries=(127.0.0.0/8)'
        ((n == 0)) || settings "$n"
    } >>"$conf"
}

# --- its commands --------------------------------------------------------------------------------

# pgxc_ctl BIN COMMAND...: each argument a line, through a pipe: from a file it reads lines twice.
pgxc_ctl() {
    local bin=$1
    shift
    printf '%s\n' "$@" | as_owner "$bin" pgxc_ctl
}

# adds FROM: the commands that add coordinators and datanodes FROM to 3.
adds() {
    local i
    for ((i = $1; i <= 3; i++)); do
        echo "add coordinator master $(coordinator "$i") none none"
        echo "add datanode master $(datanode "$i") none none none"
    done
}

# Postgres-XL's pgxc_ctl cannot add to nothing: its first three members come from `init all`.
first_members() {
    case $1 in
        postgres-xl) echo 1 ;;
        opentenbase) echo 0 ;;
    esac
}

by_add() {
    local engine=$1 bin=$2 n commands
    n=$(first_members "$engine")
    if ((n == 0)); then
        commands=("add gtm master gtm_m_1 $gtm_host $gtm_port $data/gtm")
    else
        commands=('init all')
    fi
    mapfile -t -O 1 commands < <(adds $((n + 1)))
    forget_cluster
    prepare "$engine" "$bin" "$n"
    milliseconds pgxc_ctl "$bin" "${commands[@]}" 'monitor all'
}

by_init() {
    forget_cluster
    prepare "$1" "$2" 3
    milliseconds pgxc_ctl "$2" 'init all' 'monitor all'
}

# Its exit status says nothing, nor does "Done.".
expect_running() {
    local running
    running=$(as_owner "$1" pgxc_ctl monitor all </dev/null 2>&1 | tee -a "$log" | grep -c '^Running:') || true
    ((running == 7)) || { say "after $2 pgxc_ctl sees $running of 7 running" && exit 1; }
}

expect_stopped() {
    if pgrep -u "$owner" -x 'postgres|gtm' >>"$log"; then
        say "after 'stop all' of pgxc_ctl servers run" && exit 1
    fi
}

# What a cluster is for, tried through each coordinator; a note when it fails.
try_ddl() {
    local bin=$1 how=$2 i host port answer failed=0 first=
    for i in 1 2 3; do
        read -r _ host port _ < <(coordinator "$i")
        answer=$(printf '%s\n' "CREATE SCHEMA benchmark_$i;" "DROP SCHEMA benchmark_$i;" |
            as_owner "$bin" timeout 30 psql -X -q -h "$host" -p "$port" -v ON_ERROR_STOP=1 postgres 2>&1) || {
            failed=$((failed + 1))
            : "${first:=${answer%%$'\n'*}}"
        }
    done
    ((failed == 0)) ||
        note "after \`$how\` of pgxc_ctl, CREATE SCHEMA fails through $failed of 3 coordinators: $first"
}

# measure_pgxc_ctl ENGINE HOME
measure_pgxc_ctl() {
    local engine=$1 bin=$2/bin i one many
    [[ -x $bin/pgxc_ctl ]] || { say "there is no pgxc_ctl in $bin" && exit 3; }
    start_ssh "$bin"
    for ((i = 0; i < repeat; i++)); do
        keep pgxc_ctl login "$(milliseconds as_owner "$bin" ssh 127.0.1.2 true)"
    done
    for ((i = 0; i < repeat; i++)); do
        keep pgxc_ctl adds "$(by_add "$engine" "$bin")"
        expect_running "$bin" add
    done
    try_ddl "$bin" add
    for ((i = 0; i < repeat; i++)); do
        keep pgxc_ctl init "$(by_init "$engine" "$bin")"
        expect_running "$bin" 'init all'
    done
    try_ddl "$bin" 'init all'
    for ((i = 0; i < repeat; i++)); do
        keep pgxc_ctl stop "$(milliseconds as_owner "$bin" pgxc_ctl stop all)"
        expect_stopped
        keep pgxc_ctl start "$(milliseconds as_owner "$bin" pgxc_ctl start all)"
        expect_running "$bin" 'start all'
    done
    times 5 as_owner "$bin" pgxc_ctl monitor all </dev/null >>"$log" 2>&1
    for ((i = 0; i < repeat; i++)); do
        keep pgxc_ctl monitor "$(milliseconds as_owner "$bin" pgxc_ctl monitor all)"
        one=$(milliseconds pgxc_ctl "$bin" 'monitor all')
        mapfile -t many < <(repeated_lines 201 'monitor all')
        many=$(milliseconds pgxc_ctl "$bin" "${many[@]}")
        keep pgxc_ctl monitors "$(mean_of_200 "$one" "$many")"
    done
    forget_cluster
}
