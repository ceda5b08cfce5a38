#!/usr/bin/env bash
# A whole cluster in a Docker Swarm, from its networks to a client. `examples/swarm.bash --help` says how.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: examples/swarm.bash [CLUSTER [ENGINE [IMAGE]]]

On a manager of a Swarm, with the image of swarm/build-image: makes a GTM, three
coordinators and three datanodes as services, adds them to the cluster, kills every
container, waits until all members are back by themselves, and asks a coordinator
as a client does, on the clients' network.

CLUSTER  its name; default: postgresql-1
ENGINE   postgresql (default), or the one that IMAGE has: postgres-xl, opentenbase
IMAGE    default: xlctl:VERSION

Extra words for swarm/network, as --allow-unencrypted, come from NETWORK_OPTIONS.
It all stays; swarm/down CLUSTER removes it.
TEXT
}

if [[ ${1:-} == --help ]]; then
    usage
    exit 0
fi

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
cluster=${1:-postgresql-1} engine=${2:-postgresql} image=()
[[ -z ${3:-} ]] || image=(--image "$3")
read -ra network_options <<<"${NETWORK_OPTIONS:-}"

say() { printf '\n== %s\n' "$*"; }

await_all() {
    local attempt
    for attempt in {1..60}; do
        swarm/shell "$cluster" monitor all >/dev/null 2>&1 && return
        sleep 1
    done
    return 1
}

say 'networks, keys, ZooKeeper, the shell'
swarm/network "$cluster" "${network_options[@]}" "${image[@]}"
swarm/secrets "$cluster"
swarm/zookeeper "$cluster" "${image[@]}"
swarm/control "$cluster" --engine "$engine" "${image[@]}"

say 'a service for each member'
for host in gtm-m-1 data-m-1 data-m-2 data-m-3; do
    swarm/member "$cluster" "$host" --engine "$engine" "${image[@]}" &
done
for host in coord-m-1 coord-m-2 coord-m-3; do
    swarm/member "$cluster" "$host" --clients --engine "$engine" "${image[@]}" &
done
for job in $(jobs -p); do
    wait "$job"
done

say 'the members'
swarm/shell "$cluster" <<'COMMANDS'
add gtm master gtm_m_1 gtm-m-1 5432 gtm
add coordinator master coord_m_1 coord-m-1 5432 15432 coord none none
add datanode master data_m_1 data-m-1 5432 15432 data none none none
add coordinator master coord_m_2 coord-m-2 5432 15432 coord none none
add datanode master data_m_2 data-m-2 5432 15432 data none none none
add coordinator master coord_m_3 coord-m-3 5432 15432 coord none none
add datanode master data_m_3 data-m-3 5432 15432 data none none none
monitor all
COMMANDS

say 'every container of a member is killed'
for host in gtm-m-1 coord-m-1 data-m-1 coord-m-2 data-m-2 coord-m-3 data-m-3; do
    docker kill "$(docker ps -q --filter "label=com.docker.swarm.service.name=${cluster}_$host")" >/dev/null
done
await_all || true
swarm/shell "$cluster" monitor all

say "a client, on the clients' network"
control=$(docker ps -q --filter "label=com.docker.swarm.service.name=${cluster}_control")
access=$(mktemp -d)
trap 'rm -rf "$access"' EXIT
inside=/var/lib/xlctl/example-$$
docker exec "$control" xlctl access "$inside" >/dev/null
docker cp -q "$control:$inside/." "$access"
docker exec "$control" rm -r "$inside"
# The files are the owner's alone: who copied them is who reads them.
client() {
    docker run --rm --network "${cluster}_clients" --user "$(id -u)" --volume "$access:/access:ro" \
        --env PGSERVICEFILE=/access/pg_service.conf --env PGPASSFILE=/access/pgpass \
        --entrypoint "$1" "$(docker inspect --format '{{.Config.Image}}' "$control")" "${@:2}"
}
client psql "service=$cluster" --command 'SELECT * FROM pgxc_node'

say "the cluster's network is closed to it"
client bash -c 'getent hosts data-m-1 || echo "data-m-1 is not known here"
                ! (exec 3<>/dev/tcp/'"coord-m-1.$cluster"'/7422) 2>/dev/null && echo "the agent does not listen here"'
docker run --rm --network "${cluster}_cluster" --entrypoint true \
    "$(docker inspect --format '{{.Config.Image}}' "$control")" 2>&1 | sed -n 's/.*\(network .* not manually attachable\).*/\1/p' || true
