#!/usr/bin/env bash
# The path of a package: installed, configured, used, upgraded, removed, purged. A new user's first steps are among
# them. All of it happens in namespaces, on a copy of this machine that lies over it and goes away with them.
set -euo pipefail

usage() {
    cat <<'EOT'
tests/package/walk.bash DIRECTORY [--booted]

Walks the whole path of the packages that tests/package/make.bash has left in DIRECTORY, or with
--booted the part of it that systemd has, under a systemd that was booted for that. Needs root and
namespaces; without them, or without systemd-nspawn, the exit status is 77.
EOT
}

readonly skipped=77
readonly ready_tries_max=600 # of 50 ms each

fail() {
    printf 'FAILED: %s\n' "$1" >&2
    exit 1
}

step() {
    printf '== %s\n' "$1"
}

# ---- outside: a copy of this machine ----

skip() {
    echo "skipped: $1"
    exit "$skipped"
}

# The machine as it is, with a layer over it that takes all changes.
lay_over() {
    local -r work=$1
    mount -t tmpfs -o size=2g tmpfs "$work/layer" || return 1
    mkdir "$work/layer/upper" "$work/layer/work" "$work/layer/root"
    mount -t overlay -o "lowerdir=/,upperdir=$work/layer/upper,workdir=$work/layer/work" overlay "$work/layer/root" || return 1
    cp "$work/first.deb" "$work/next.deb" "$work/layer/root/root/" || return 1
    cp "$0" "$work/layer/root/root/walk.bash"
}

mount_for_chroot() {
    local -r root=$1
    mount -t proc proc "$root/proc" || return 1
    mount --rbind /dev "$root/dev" || return 1
    mount -t tmpfs tmpfs "$root/run" || return 1
    mount -t tmpfs tmpfs "$root/tmp" || return 1
}

outside() {
    local -r way=$2
    local packages work status=0
    packages=$(readlink -f "$1")
    ((EUID == 0)) || skip "needs root"
    unshare --mount --pid --net --uts --fork --kill-child true 2>/dev/null || skip "needs namespaces"
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the directory is known now
    trap "rm -rf '$work'" EXIT
    mkdir "$work/layer"
    cp "$packages/first.deb" "$packages/next.deb" "$work/"
    unshare --mount --pid --net --uts --fork --kill-child --mount-proc -- "$0" "$way" "$work" || status=$?
    exit "$status"
}

over() {
    local -r work=$1
    { lay_over "$work" && mount_for_chroot "$work/layer/root"; } 2>"$work/mount.log" ||
        skip "needs an overlay: $(cat "$work/mount.log")"
    ip link set lo up
    exec chroot "$work/layer/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        /root/walk.bash --inside
}

# The walk is the last service that systemd starts, and ends with the machine.
boot() {
    local -r work=$1 root=$1/layer/root
    command -v systemd-nspawn >/dev/null || skip "needs systemd-nspawn"
    lay_over "$work" 2>"$work/mount.log" || skip "needs an overlay: $(cat "$work/mount.log")"
    mount -t tmpfs tmpfs /run # where systemd-nspawn keeps what it knows of the machine
    rm -f "$root/usr/sbin/policy-rc.d" "$root/etc/machine-id"
    for manager in systemd-networkd NetworkManager ifupdown; do # there is no network to wait for
        ln -sf /dev/null "$root/etc/systemd/system/$manager-wait-online.service"
    done
    cat >"$root/etc/systemd/system/walk.service" <<'EOT'
[Unit]
Requires=basic.target
After=basic.target
AllowIsolate=yes
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/bash -c "/root/walk.bash --inside-booted; echo $? >/root/status; exec systemctl poweroff --force --force"
StandardOutput=file:/root/output
StandardError=inherit
Environment=HOME=/root LC_ALL=C.UTF-8
EOT
    timeout 300 systemd-nspawn --directory "$root" --boot --private-network --register=no --keep-unit --machine=walk \
        --console=pipe systemd.unit=walk.service >"$work/boot.log" 2>&1 </dev/null || true
    if [[ ! -e $root/root/output ]]; then
        tail -n 3 "$work/boot.log"
        skip "systemd cannot be booted here"
    fi
    cat "$root/root/output"
    exit "$(cat "$root/root/status" 2>/dev/null || echo 1)"
}

# ---- inside: the path ----

quietly() {
    "$@" >/tmp/output 2>&1 || {
        cat /tmp/output >&2
        fail "$*"
    }
}

is_installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' ostrakon 2>/dev/null) == installed ]]
}

is_enabled() {
    [[ -L /etc/systemd/system/multi-user.target.wants/ostrakond.service &&
        -L /etc/systemd/system/timers.target.wants/ostrakon-expire.timer &&
        -L /etc/systemd/system/timers.target.wants/ostrakon-pull.timer ]]
}

# What a package may leave behind: all but what dpkg and the user database keep themselves.
files_there() {
    find /etc /usr /var/lib /var/log /var/cache \
        \( -path /var/lib/dpkg -o -path /var/cache/man -o -path '/etc/passwd*' -o -path '/etc/group*' -o -path '/etc/shadow*' \
        -o -path '/etc/gshadow*' -o -path '/etc/subuid*' -o -path '/etc/subgid*' -o -path /etc/.pwd.lock -o -path /var/log/dpkg.log \) \
        -prune -o -print | sort
}

setting_of() {
    sed -n "s/^$1=//p" /usr/lib/systemd/system/ostrakond.service
}

# The server as its unit starts it, so far as that goes without systemd: as the user, with these capabilities and no way to
# more, and a file system that is read-only but for what the unit names.
start_server() {
    local try capabilities
    capabilities=$(setting_of AmbientCapabilities | tr ' A-Z' ',a-z' | sed 's/cap_/+/g')
    mkdir -p /var/log/ostrakon
    chown ostrakon:ostrakon /var/log/ostrakon
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare --mount bash -c '
        set -e
        for directory in $1 /var/log/ostrakon; do mount --bind "$directory" "$directory"; done
        mount -o remount,bind,ro /
        shift
        exec "$@"' bash "$(setting_of ReadWritePaths)" \
        setpriv --reuid "$(setting_of User)" --regid "$(setting_of Group)" --clear-groups --no-new-privs \
        --bounding-set "-all,$capabilities" --inh-caps "-all,$capabilities" --ambient-caps "-all,$capabilities" \
        "$(setting_of ExecStart)" 2>>/tmp/ostrakond.log &
    server=$!
    for ((try = 0; try < ready_tries_max; ++try)); do
        kill -0 "$server" 2>/dev/null || break
        if [[ -n $(ask SOA bl.example.org) ]]; then
            return
        fi
        sleep 0.05
    done
    cat /tmp/ostrakond.log >&2
    fail "ostrakond starts"
}

stop_server() {
    kill "$server"
    wait "$server" || fail "ostrakond ends with status 0"
}

ask() {
    dig @127.0.0.1 -p 5353 +short +tries=1 +time=5 +norecurse "$2" "$1" 2>/dev/null | grep -v '^;'
}

as_user() {
    setpriv --reuid ostrakon --regid ostrakon --clear-groups "$@"
}

install_first() {
    step "the package is installed: there is all but a configuration, and nothing has failed for that"
    quietly dpkg --install --no-triggers /root/first.deb
    is_installed || fail "the package is installed"
    is_enabled || fail "the units are enabled"
    [[ $(stat -c '%U:%G %a' /var/lib/ostrakon) == "ostrakon:ostrakon 750" ]] || fail "the database has its directory"
    [[ $(getent passwd ostrakon | cut -d: -f6-7) == /var/lib/ostrakon:*nologin ]] || fail "the user is there"
    [[ ! -e /etc/ostrakon ]] || fail "there is no configuration yet"
    for unit in ostrakond.service ostrakon-expire.timer ostrakon-pull.timer; do
        grep -qx 'ConditionPathExists=/etc/ostrakon/ostrakon.toml' "/usr/lib/systemd/system/$unit" || fail "$unit waits for it"
    done
    for file in man/man1/ostrakon.1.gz man/man1/ostrakon-ban.1.gz man/man5/ostrakon.toml.5.gz man/man8/ostrakond.8.gz \
        bash-completion/completions/ostrakon zsh/vendor-completions/_ostrakon fish/vendor_completions.d/ostrakon.fish \
        ostrakon/feeds.toml ostrakon/dynamic-names.conf ostrakon/tlds-alpha-by-domain.txt \
        doc/ostrakon/copyright doc/ostrakon/changelog.Debian.gz doc/ostrakon/examples/ostrakon.toml; do
        [[ -s /usr/share/$file ]] || fail "/usr/share/$file is there"
    done
    [[ $(dpkg-query -W -f '${Version}' ostrakon) == "$(ostrakon --version | cut -d' ' -f2)"-* ]] ||
        fail "package and program have one version"
    (cd / && quietly md5sum --quiet --check /var/lib/dpkg/info/ostrakon.md5sums)
}

take_first_steps() {
    step "init, the first start, the first ban"
    quietly ostrakon init
    quietly ostrakond --check
    start_server
    [[ -z $(ask A 7.2.0.192.bl.example.org) ]] || fail "nothing is listed at first"
    quietly ostrakon ban 192.0.2.7 --reason "spam seen today"
    [[ $(ask A 7.2.0.192.bl.example.org) == 127.0.0.2 ]] || fail "the ban is in the next answer"
    [[ $(ask TXT 7.2.0.192.bl.example.org) == '"192.0.2.7 is blocked (ip) - spam seen today"' ]] || fail "with its reason"
    for service in expire pull; do
        # shellcheck disable=SC2046 # its words
        quietly as_user $(sed -n 's/^ExecStart=//p' "/usr/lib/systemd/system/ostrakon-$service.service")
    done
}

upgrade() {
    step "an upgrade under the running server keeps configuration and database"
    local configuration
    configuration=$(find /etc/ostrakon -type f -exec md5sum {} + | sort)
    quietly dpkg --install --no-triggers /root/next.deb
    [[ $(dpkg-query -W -f '${Version}' ostrakon) == *+next ]] || fail "the next version is installed"
    [[ $(find /etc/ostrakon -type f -exec md5sum {} + | sort) == "$configuration" ]] || fail "the configuration is as it was"
    [[ $(ask A 7.2.0.192.bl.example.org) == 127.0.0.2 ]] || fail "the old server answers meanwhile"
    stop_server
    start_server
    [[ $(ask A 7.2.0.192.bl.example.org) == 127.0.0.2 ]] || fail "the new one answers the same"
    ostrakon history 192.0.2.7 | grep -q "spam seen today" || fail "the history is there"
    stop_server
}

remove_and_purge() {
    step "removed: programs go, configuration and database stay, and a new installation finds them"
    quietly dpkg --remove --no-triggers ostrakon
    hash -r
    ! command -v ostrakon >/dev/null || fail "the programs are gone"
    [[ -s /etc/ostrakon/ostrakon.toml && -s /var/lib/ostrakon/data.mdb ]] || fail "configuration and database stay"
    quietly dpkg --install --no-triggers /root/first.deb
    is_enabled || fail "the units are enabled again"
    ostrakon show 192.0.2.7 | grep -q "spam seen today" || fail "the ban is still there"

    step "purged: nothing is left"
    quietly dpkg --purge --no-triggers ostrakon
    files_there >/root/after
    diff /root/before /root/after >/tmp/output || {
        cat /tmp/output >&2
        fail "a purge leaves nothing behind"
    }
}

# As in a container.
install_without_systemd() {
    step "installed where there is no systemd: the user comes all the same"
    userdel ostrakon
    mv "$(command -v systemd-sysusers)" /root/ 2>/dev/null || true
    hash -r
    quietly dpkg --install --no-triggers /root/first.deb
    [[ $(stat -c '%U:%G %a' /var/lib/ostrakon) == "ostrakon:ostrakon 750" ]] || fail "the database has its directory"
    [[ $(getent passwd ostrakon | cut -d: -f6-7) == /var/lib/ostrakon:*nologin ]] || fail "the user is there"
    quietly dpkg --purge --no-triggers ostrakon
}

inside() {
    server=
    hostname walk
    quietly dpkg --purge --no-triggers ostrakon # this machine may have it
    rm -rf /etc/ostrakon /var/lib/ostrakon /var/log/ostrakon
    files_there >/root/before
    install_first
    take_first_steps
    upgrade
    remove_and_purge
    install_without_systemd
    echo "All as it should be."
}

# ---- inside, where systemd runs ----

are_active() {
    [[ $(systemctl is-active ostrakond.service ostrakon-expire.timer ostrakon-pull.timer | sort -u) == active ]]
}

nothing_failed() {
    [[ -z $(systemctl list-units --no-legend --state=failed 'ostrakon*') ]]
}

# What the operator's page answers, with its head.
get_status() {
    local socket
    exec {socket}<>/dev/tcp/127.0.0.1/8054
    printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&"$socket"
    cat <&"$socket"
    exec {socket}>&-
}

inside_booted() {
    local first_server
    quietly dpkg --purge --no-triggers ostrakon
    rm -rf /etc/ostrakon /var/lib/ostrakon /var/log/ostrakon

    step "systemd: the package starts nothing before init, and nothing fails"
    quietly dpkg --install --no-triggers /root/first.deb
    [[ $(systemctl is-active ostrakond.service) == inactive ]] || fail "the server waits"
    nothing_failed || fail "nothing has failed"

    step "systemd: the server answers within what its unit allows"
    quietly ostrakon init
    quietly systemctl start ostrakond.service ostrakon-expire.timer ostrakon-pull.timer
    are_active || fail "the units are active"
    quietly ostrakon ban 192.0.2.7 --reason "spam seen today"
    [[ $(ask A 7.2.0.192.bl.example.org) == 127.0.0.2 ]] || fail "the ban is in the next answer"
    quietly systemctl reload ostrakond.service
    [[ $(ask A 7.2.0.192.bl.example.org) == 127.0.0.2 ]] || fail "and still is after a reload"

    step "systemd: lists are pulled and ends are tidied up within what their units allow"
    echo 198.51.100.7 >/srv/ostrakon-list.txt
    mkdir -p /etc/ostrakon/feeds
    printf 'url = "file:///srv/ostrakon-list.txt"\nformat = "iplist"\n' >/etc/ostrakon/feeds/partners.toml
    quietly systemctl start ostrakon-pull.service
    [[ $(ask A 7.100.51.198.bl.example.org) == 127.0.0.3 ]] || {
        ostrakon feeds
        fail "what was pulled is served"
    }
    quietly systemctl start ostrakon-expire.service
    nothing_failed || fail "nothing has failed"

    step "systemd: mail about a request goes out by a program that may gain rights"
    # shellcheck disable=SC2016 # for that program
    printf '#!/bin/sh\ngrep NoNewPrivs /proc/self/status >/run/ostrakon-sendmail\ncat >>/run/ostrakon-sendmail\n' >/srv/sendmail
    chmod 755 /srv/sendmail
    install -m 666 /dev/null /run/ostrakon-sendmail
    sed -i '/^\[web\]$/a notify = "postmaster@example.org"\nsendmail = "/srv/sendmail"' /etc/ostrakon/ostrakon.toml
    quietly ostrakon request add 192.0.2.7 --kind removal --contact admin@example.com
    quietly systemctl start ostrakon-notify.service
    grep -qE '^NoNewPrivs:\s0$' /run/ostrakon-sendmail || fail "its unit lets sendmail gain the rights of the queue"
    grep -q '^Request 1: removal of 192.0.2.7' /run/ostrakon-sendmail || fail "the mail names the request"
    [[ $(systemctl is-enabled ostrakon-notify.timer) == disabled ]] || fail "nobody gets mail without asking for it"

    step "systemd: the operator's page sees the server within what its unit allows"
    sed -i '/^\[web\]$/a status = "127.0.0.1:8054"' /etc/ostrakon/ostrakon.toml
    quietly systemctl start ostrakon-web.service
    get_status /status.json | grep -q '"answers": true' || fail "it reaches the control socket"
    for ((try = 0; try < ready_tries_max; try++)); do
        get_status /status/map.png | grep -qa '^HTTP/1.. 200' && break
        sleep 0.05
    done
    ((try < ready_tries_max)) || fail "it draws the map"
    quietly systemctl stop ostrakon-web.service
    [[ -s /var/lib/ostrakon-web/history ]] || fail "its figures outlive it"

    step "systemd: an upgrade restarts the server, a removal stops it"
    first_server=$(systemctl show --property MainPID --value ostrakond.service)
    quietly dpkg --install --no-triggers /root/next.deb
    are_active || fail "the units are active again"
    [[ $(systemctl show --property MainPID --value ostrakond.service) != "$first_server" ]] || fail "it is another server"
    [[ $(ask A 7.2.0.192.bl.example.org) == 127.0.0.2 ]] || fail "which answers the same"
    quietly dpkg --remove --no-triggers ostrakon
    [[ $(systemctl is-active ostrakond.service) == inactive ]] || fail "the server is stopped"
    quietly dpkg --purge --no-triggers ostrakon
    [[ ! -e /var/lib/ostrakon-web ]] || fail "no figures are left"
    nothing_failed || fail "nothing has failed"
    echo "All as it should be."
}

case ${1:-} in
--over) over "$2" ;;
--boot) boot "$2" ;;
--inside) inside ;;
--inside-booted) inside_booted ;;
-h | --help) usage ;;
*)
    [[ -d ${1:-} ]] || {
        usage >&2
        exit 2
    }
    case ${2:-} in
    "") outside "$1" --over ;;
    --booted) outside "$1" --boot ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    ;;
esac
