#!/usr/bin/env bash
# Makes a package of the programs that are built, and another that passes for its next version.
set -euo pipefail

usage() {
    cat <<'EOT'
tests/package/make.bash BUILD TO

Packs the programs of the build directory BUILD as TO/first.deb and TO/next.deb. TO is made anew.
EOT
}

fail() {
    printf 'FAILED: %s\n' "$1" >&2
    exit 1
}

make_packages() {
    local -r build=$1 to=$2
    local package
    cpack --config "$build/CPackConfig.cmake" -B "$to" -D "CPACK_OUTPUT_FILE_PREFIX=$to" >"$to/cpack.log" 2>&1 || {
        cat "$to/cpack.log" >&2
        fail "cpack makes a package"
    }
    package=$(echo "$to"/ostrakon_*_*.deb)
    dpkg-deb --raw-extract "$package" "$to/next"
    sed -i 's/^Version: .*/&+next/' "$to/next/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip -z1 --build "$to/next" "$to/next.deb" >/dev/null
    mv "$package" "$to/first.deb"
    rm -rf "$to/next" "$to/_CPack_Packages"
}

# Libraries that the programs open only when they need them.
check_dependencies() {
    local library sources
    sources=$(dirname "$(readlink -f "$0")")/../..
    local -r named=" $(dpkg-deb --field "$1" Depends Recommends | tr ',:' '  ') "
    while read -r library; do
        [[ $named == *" $library "* ]] ||
            fail "the sources open a library of $library, and neither Depends nor Recommends in packaging/package.cmake has it"
    done < <(grep --recursive --no-filename --only-matching --perl-regexp 'SharedLibrary::open\("[^"]+", "\K[^"]+' \
        "$sources/src" "$sources/tools/ostrakon")
}

(($# == 2)) || {
    usage >&2
    exit 2
}
rm -rf "$2"
mkdir -p "$2"
make_packages "$(readlink -f "$1")" "$(readlink -f "$2")"
check_dependencies "$2/first.deb"
