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
