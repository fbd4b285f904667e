# shellcheck shell=bash
# What the commands of a document take for granted: sudo, services, and an end with the first failure. `at` is the line of
# the block that is run.
set -eEu -o pipefail
hostname mx
rm -f /run/ostrakond.pid
at=0
trap 'echo "line $at: failed: $BASH_COMMAND" >&2' ERR

sudo() { "$@"; }

# 1 is an answer: no, nothing there.
ostrakon() {
    local status=0
    command ostrakon "$@" || status=$?
    ((status <= 1)) || return "$status"
}

stop_server() {
    if [[ -e /run/ostrakond.pid ]]; then
        kill "$(cat /run/ostrakond.pid)"
        wait "$(cat /run/ostrakond.pid)" || true
        rm /run/ostrakond.pid
    fi
}

systemctl() {
    case "$*" in
    "enable --now ostrakond"* | "start ostrakond"* | "restart ostrakond")
        stop_server
        : >/var/log/ostrakond.log
        ostrakond 2>>/var/log/ostrakond.log &
        echo $! >/run/ostrakond.pid
        timeout 30 bash -c 'until grep -q "serving " /var/log/ostrakond.log; do :; done' || {
            cat /var/log/ostrakond.log >&2
            return 1
        }
        ;;
    "reload ostrakond") kill -HUP "$(cat /run/ostrakond.pid)" ;;
    "stop ostrakond") stop_server ;;
    esac
}

# What only this document takes for granted.
if [[ -e before.bash ]]; then
    # shellcheck source=/dev/null
    source before.bash
fi
