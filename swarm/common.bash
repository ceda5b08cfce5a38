# Sourced by the scripts here: what they have in common.

swarm=$(readlink -f "${BASH_SOURCE[0]}")
swarm=${swarm%/*}

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

malformed() {
    say "$1"
    say "see swarm/${0##*/} --help"
    exit 2
}

# unreachable WHAT REMEDY
unreachable() {
    say "$1"
    say "$2"
    exit 3
}

# refuse WHAT REMEDY
refuse() {
    say "$1"
    say "$2"
    exit 4
}

require_docker() {
    local answer
    command -v docker >/dev/null ||
        unreachable 'the program docker is not installed' 'on Debian: apt-get install docker.io'
    answer=$(docker version --format '{{.Server.Version}}' 2>&1) ||
        unreachable "no Docker engine answers: $answer" \
            'start one, or name its socket in DOCKER_HOST; its socket may be open to root only'
}

# --- names and labels: xlctl itself makes the same objects -----------------------------------------

# The cluster that a script is about, once its arguments are read.
cluster=

require_cluster() {
    [[ -n ${1:-} ]] || malformed 'the name of the cluster is missing'
    [[ $1 =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]] ||
        malformed "\"$1\" is not a cluster name: 1 to 63 of a-z, 0-9 and '-', not at an end, as in postgresql-1"
}

# label_of KIND NAME LABEL: of a network, secret, config, volume or service; empty where it has none.
label_of() {
    local path='.Spec.Labels'
    [[ $1 != network && $1 != volume ]] || path='.Labels'
    docker "$1" inspect --format "{{index $path \"$3\"}}" -- "$2" 2>/dev/null | sed 's/^<no value>$//'
}

# untold KIND NAME ANSWER
untold() {
    unreachable "Docker does not say whether there is a $1 $2: $3" 'see docker node ls, and run this once more'
}

# is_there KIND NAME: whether the cluster has it already. A stranger's of that name is refused.
is_there() {
    local answer label
    if ! answer=$(docker "$1" inspect -- "$2" 2>&1 >/dev/null); then
        [[ ${answer,,} == *"no such $1"* || ${answer,,} == *"$1 $2 not found"* ]] || untold "$1" "$2" "$answer"
        return 1
    fi
    label=$(label_of "$1" "$2" xlctl.cluster) || untold "$1" "$2" 'it was there a moment ago'
    [[ $label == "$cluster" ]] ||
        refuse "there is a $1 $2 already, and it does not belong to the cluster $cluster" \
            'remove it, if it is yours, or choose another name for the cluster'
}

kept() { say "$1 $2: it is there, and stays as it is"; }
made() { say "$1 $2: made"; }

# --- what has to be there ------------------------------------------------------------------------

require_manager() {
    local state
    require_docker
    state=$(docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{.Swarm.Error}}')
    case $state in
        'active true'*) ;;
        'active false'*)
            unreachable 'this engine is a worker of its Swarm, not a manager' \
                'run this on a manager, or there: docker node promote NODE'
            ;;
        inactive*)
            unreachable 'this engine is in no Swarm' 'docker swarm init --advertise-addr ADDRESS'
            ;;
        locked*) unreachable 'the Swarm is locked' 'docker swarm unlock' ;;
        *) unreachable "the Swarm is not in order: $state" 'see docker info' ;;
    esac
    docker node ls --quiet >/dev/null || unreachable 'the Swarm has no leader' \
        'bring enough managers back; the last resort is docker swarm init --force-new-cluster'
}

default_image() {
    printf 'xlctl:%s' "$(sed -n 's:^ *<version>\(.*\)</version>$:\1:p' "${swarm%/*}/pom.xml" | head -n 1)"
}

# Sets image where it was not given.
require_image() {
    [[ -n $image ]] || image=$(default_image)
    docker image inspect -- "$image" >/dev/null 2>&1 ||
        unreachable "this engine does not have the image $image" \
            "swarm/build-image --tag $image, or docker pull $image; every Swarm node needs it"
}

require_network() {
    is_there network "$1" || unreachable "there is no network $1 yet" "swarm/network $cluster"
}

require_secrets() {
    local name
    for name in "$@"; do
        is_there secret "${cluster}_$name" ||
            unreachable "there is no secret ${cluster}_$name yet" "swarm/secrets $cluster"
    done
}

# The subnet that Docker gave a network, or was told to.
subnet_of() {
    docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}}{{"\n"}}{{end}}' -- "$1" | head -n 1
}

# The Swarm nodes that take tasks, one a line.
ready_nodes() {
    docker node ls --format '{{.Status}} {{.Availability}} {{.Hostname}}' | sed -n 's/^Ready Active //p'
}

this_node() { docker info --format '{{.Name}}'; }

# Sets node to where a service is to run: volumes are of one machine, and so are the services.
choose_node() {
    local nodes
    mapfile -t nodes < <(ready_nodes)
    if [[ -z $node ]]; then
        ((${#nodes[@]} == 1)) ||
            malformed "say where with --on NODE: the Swarm nodes that take tasks are ${nodes[*]:-none}"
        node=${nodes[0]}
    fi
    printf '%s\n' "${nodes[@]}" | grep -qxF -- "$node" ||
        unreachable "no Swarm node $node takes tasks; those that do: ${nodes[*]:-none}" \
            'docker node ls shows what is the matter'
}

# --- services --------------------------------------------------------------------------------------

# common_arguments PART HOST NODE: sets arguments to what every service has.
common_arguments() {
    local labels=("xlctl.cluster=$cluster" "xlctl.part=$1") label volume
    [[ $1 != member ]] || labels+=("xlctl.host=$2")
    volume="type=volume,source=${cluster}_$2,target=/var/lib/xlctl"
    # The bare host is a name on the cluster's network alone: one on both networks would else reach
    # members by the clients'.
    arguments=(--detach --no-resolve-image --name "${cluster}_$2" --hostname "$2.$cluster")
    for label in "${labels[@]}"; do
        arguments+=(--label "$label")
        volume+=",volume-label=$label"
    done
    arguments+=(--mount "$volume")
    arguments+=(--network "name=${cluster}_cluster,alias=$2" --endpoint-mode dnsrr)
    arguments+=(--constraint "node.hostname==$3")
    arguments+=(--stop-grace-period 60s --restart-condition any --restart-delay 1s)
}

secret_argument() { printf 'source=%s_%s,target=%s,uid=5432,gid=5432,mode=0400' "$cluster" "$1" "$1"; }

# A volume of this name, made by a stranger or left by an earlier service. Of this machine: no other's are seen.
check_volume() {
    had_volume=
    is_there volume "$1" || return 0
    had_volume=yes
    say "volume $1: it is there, with what an earlier service left in it"
}

# remove_failed SERVICE: with the volume that it brought, where it ran here.
remove_failed() {
    local containers
    docker service rm "$1" >/dev/null
    for _ in {1..100}; do
        mapfile -t containers < <(docker ps --quiet --all --filter "label=com.docker.swarm.service.name=$1")
        ((${#containers[@]} > 0)) || break
        docker rm -- "${containers[@]}" >/dev/null 2>&1 || true
        sleep 0.2
    done
    [[ -n $had_volume ]] || docker volume rm "$1" >/dev/null 2>&1 || true
}

# look_at SERVICE: sets desired, state and error to those of its newest task; empty where it has none.
look_at() {
    IFS='|' read -r desired state error < <(
        docker service ps --no-trunc --format '{{.DesiredState}}|{{.CurrentState}}|{{.Error}}' "$1" | head -n 1
    ) || true
}

# keep_service NAME: one that is there. It may have been made just now: it has some seconds to run.
keep_service() {
    local until=$((SECONDS + 5)) desired state error
    look_at "$1"
    while [[ $desired != Running || $state != Running* ]]; do
        ((SECONDS < until)) ||
            unreachable "service $1: it is there, but does not run: ${state:-it has no task} ${error:-}" \
                "docker service ps --no-trunc $1 shows more; or docker service rm $1, which leaves its volume, and run this once more"
        sleep 0.3
        look_at "$1"
    done
    kept service "$1"
}

# interrupted SERVICE: a later run would take it for one that is wanted.
interrupted() {
    trap '' INT TERM HUP
    say "interrupted: taking the service $1 away again"
    ! is_there service "$1" || remove_failed "$1"
    exit 130
}

# create_service NAME ARGUMENT...: makes it, and waits until its health check is content; takes it away
# again if it does not come up, or when this is interrupted.
create_service() {
    local name=$1 until desired state error failed
    shift
    trap 'interrupted "$name"' INT TERM HUP
    docker service create "$@" >/dev/null ||
        refuse "the service $name could not be made" 'see what Docker says above'
    until=$((SECONDS + 120))
    while ((SECONDS < until)); do
        look_at "$name"
        case $state in
            Running*)
                trap - INT TERM HUP
                made service "$name"
                return
                ;;
            Rejected*) break ;;
            Pending*) [[ $error != *'no suitable node'* ]] || break ;;
        esac
        failed=$(docker service ps --format '{{.CurrentState}}' "$name" | grep -c '^Failed') || true
        ((failed < 3)) || break
        sleep 0.3
    done
    say "the service $name does not come up: ${state:-it has no task} ${error:-}"
    docker service ps --no-trunc --format '  {{.CurrentState}} {{.Error}}' "$name" >&2 || true
    timeout 10 docker service logs --raw --tail 20 "$name" >&2 || true
    remove_failed "$name"
    unreachable "the service $name was taken away again" 'mend what is the matter and run this once more'
}
