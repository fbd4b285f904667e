# What tools/quickstart and tools/test do first: install missing Debian packages, then go on as the owner of the checkout.
#
# To be sourced by bash, in the top directory of the checkout.

readonly packages_file=tools/packages.txt
readonly service_policy=/usr/sbin/policy-rc.d
readonly service_policy_mark="# Written by Ostrakon's tools/prepare.bash for the time of an installation; may be removed."

fail() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit "${2:-1}"
}

# The packages of a section.
packages_of() {
    grep -qxF "[$1]" "$packages_file" || fail "$packages_file has no section [$1]"
    awk -v section="[$1]" '/^\[/ { inside = $0 == section; next } inside && /^[a-z0-9]/' "$packages_file"
}

# The packages of the named sections that are not installed.
missing_packages() {
    local section package
    for section in "$@"; do
        while read -r package; do
            [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
        done < <(packages_of "$section")
    done | sort -u
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# Some packages bring a service, which Debian starts as soon as it is installed and at every boot. Nobody who wants to run
# tests asked for a name server on port 53: it is neither started nor enabled. A policy that is there already stays.
forbid_services() {
    if [[ -e $service_policy ]] && ! grep -qxF "$service_policy_mark" "$service_policy"; then
        return
    fi
    trap permit_services EXIT
    printf '#!/bin/sh\n%s\nexit 101\n' "$service_policy_mark" | as_root tee "$service_policy" >/dev/null
    as_root chmod 755 "$service_policy"
}

permit_services() {
    if grep -qxF "$service_policy_mark" "$service_policy" 2>/dev/null; then
        as_root rm -f "$service_policy"
    fi
    trap - EXIT
}

disable_services() {
    local unit
    command -v systemctl >/dev/null || return 0
    for unit in $(dpkg -L "$@" | sed -n 's|.*/lib/systemd/system/\([^/]*\.service\)$|\1|p' | sort -u); do
        as_root systemctl disable --quiet "$unit" 2>/dev/null || true
    done
}

# install_packages SECTION…: asks no network and nobody's password where nothing is missing.
install_packages() {
    local packages
    command -v dpkg-query >/dev/null || fail "this needs Debian 12; elsewhere install what $packages_file names, and use cmake --preset release"
    mapfile -t packages < <(missing_packages "$@")
    if ((${#packages[@]} == 0)); then
        return
    fi
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        fail "packages are missing and there is no sudo. As root run: apt-get install ${packages[*]}"
    fi
    echo "Installing from Debian: ${packages[*]}"
    forbid_services
    as_root apt-get -qq -o DPkg::Lock::Timeout=300 update ||
        echo "${0##*/}: the package lists could not be fetched; trying with those that are there" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "${packages[@]}" >/dev/null ||
        fail "the packages could not be installed; apt-get's message is above"
    disable_services "${packages[@]}"
    permit_services
}

# The packages of a section, each with what it needs and this machine does not have. They are asked for one by one, since
# they may exclude each other.
with_dependencies() {
    local package
    for package in $(packages_of "$1"); do
        apt-get -s --no-install-recommends --reinstall install "$package" 2>/dev/null | awk '/^Inst / { found = 1; print $2 } END { exit !found }' ||
            return
    done
}

# unpack_packages SECTION DIRECTORY: puts their files into DIRECTORY/root, and installs nothing. Once done, it is done.
unpack_packages() {
    local -r section=$1 directory=$2
    local wanted packages archive name
    wanted=$(packages_of "$section")
    if [[ -f $directory/complete && $(<"$directory/complete") == "$wanted" ]]; then
        return
    fi
    packages=$(with_dependencies "$section") || {
        as_root apt-get -qq -o DPkg::Lock::Timeout=300 update
        packages=$(with_dependencies "$section")
    } || fail "apt-get knows no ${wanted//$'\n'/, }; they are needed by tests with mail software"
    echo "Unpacking from Debian, into $directory: ${wanted//$'\n'/ }"
    rm -rf "$directory"
    mkdir -p "$directory"/archives "$directory"/root/usr/{bin,lib,lib64,sbin}
    for name in bin lib lib64 sbin; do
        ln -s "usr/$name" "$directory/root/$name"
    done
    # shellcheck disable=SC2086 # one word a package
    (cd "$directory/archives" && apt-get -qq -o APT::Sandbox::User=root download $packages >/dev/null) ||
        fail "the packages could not be fetched; apt-get's message is above"
    for archive in "$directory"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$archive" | tar -x --keep-directory-symlink --no-same-owner -C "$directory/root"
        rm "$archive"
    done
    rmdir "$directory/archives"
    printf '%s\n' "$wanted" >"$directory/complete"
    if ((EUID == 0)); then
        chown --reference=. build
        chown -R --no-dereference --reference=. "$directory"
    fi
}

# npm, from wherever it is; NODE_PATH says where Debian's has its parts.
run_npm() {
    local -r unpacked=$PWD/build/npm/root/usr
    if command -v npm >/dev/null; then
        (cd build/browser && npm "$@")
        return
    fi
    unpack_packages npm build/npm
    (cd build/browser && NODE_PATH=$unpacked/share/nodejs:$(printf '%s:' "$unpacked"/lib/*/nodejs) \
        node "$unpacked/share/nodejs/npm/bin/npm-cli.js" "$@")
}

# What tests in a browser need: node, Chromium, and what drives it from npm, into build/browser. Once done, it is done.
prepare_browser() {
    local -r directory=build/browser lock=tests/browser/package-lock.json
    if cmp -s "$lock" "$directory/complete"; then
        return
    fi
    command -v node >/dev/null || install_packages node
    command -v chromium-headless-shell >/dev/null || (install_packages chromium) || command -v chromium >/dev/null || return
    rm -rf "$directory"
    mkdir -p "$directory"
    cp tests/browser/package.json "$lock" "$directory"
    echo "Fetching from npm, into $directory: $(sed -n 's|^ *"node_modules/\(.*\)": {|\1|p' "$lock" | tr '\n' ' ')"
    run_npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null ||
        fail "npm could not fetch them; its message is above"
    cp "$lock" "$directory/complete"
    if ((EUID == 0)); then
        chown --reference=. build
        chown -R --no-dereference --reference=. "$directory"
    fi
}

# prepare SECTION… -- COMMAND…: installs the packages; as root in somebody else's checkout it then starts COMMAND as the
# owner, so that what is built belongs to them.
prepare() {
    local sections=() owner
    while [[ $1 != -- ]]; do
        sections+=("$1")
        shift
    done
    shift
    install_packages "${sections[@]}"
    owner=$(stat -c %u .)
    if ((EUID == 0 && owner != 0)); then
        exec setpriv --reuid "$owner" --regid "$(stat -c %g .)" --clear-groups "$@"
    fi
}
