#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# debian.sh <folder with the packages> <folder to work in> [release]
#
# Makes a Debian system with nothing in it but what a new one has, installs the packages there, and does what somebody does
# who has just installed them: runs a program, builds one of his own, and removes the packages again. Only root can do it
# (chroot). The system is kept for the next time.

set -euo pipefail

packages=$(cd -- "$1" && pwd)
work=$2
release=${3:-$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")}
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
system="$work/system-$release"

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || fail "Only root can try packages in a system of their own."

quietly() {
    local log="$work/log"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 40 -- "$log" >&2
        fail "failed: $*"
    fi
}

inside() {
    chroot "$system" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# install <package or file pattern>...: patterns are of the packages that are tried
install() {
    quietly inside sh -c "cd /packages && apt-get -q -y install --no-install-recommends $*"
}

purge() {
    quietly inside sh -c "dpkg-query -W -f '\${Package}\n' '*interprocessqt*' | xargs -r apt-get -q -y purge"
}

mkdir -p -- "$work"
if [ ! -e "$system/complete" ]; then
    printf 'Making a new Debian system (%s)\n' "$release"
    rm -rf -- "$system"
    # The same source of packages as this system has.
    mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $release" 2>/dev/null | head -n 1)
    quietly debootstrap --variant=minbase "$release" "$system" ${mirror:+"$mirror"}
    touch "$system/complete"
fi
inside dpkg-query -W '*interprocessqt*' >/dev/null 2>&1 && purge # what a trial that failed has left
rm -rf -- "$system/packages" "$system/consumer" "$system/qmltcconsumer" "$system/snippets"
mkdir "$system/packages"
cp -- "$packages"/*.deb "$system/packages/"
cp -r -- "$here/consumer" "$here/qmltcconsumer" "$here/../../examples/snippets" "$system/"

printf 'Installing the library and the examples\n'
install './libinterprocessqt0_*.deb' './interprocessqt-examples_*.deb'

printf 'Running the tour\n'
quietly inside interprocessqt-tour
if inside sh -c 'ls /usr/include/InterprocessQt' >/dev/null 2>&1; then
    fail "The package of the run time has brought headers."
fi

printf 'Building a program, and those of the manual\n'
install g++ cmake ninja-build pkg-config './libinterprocessqt-dev_*.deb'
version=$(inside dpkg-query -W -f '${Version}' libinterprocessqt-dev)
quietly inside cmake -G Ninja -S /consumer -B /consumer/build -DEXPECTED_PREFIX=/usr -DEXPECTED_VERSION="$version" -DSNIPPETS=/snippets
quietly inside cmake --build /consumer/build
inside /consumer/build/bin/consumer
inside sh -c 'c++ -std=c++20 -fPIC $(pkg-config --cflags InterprocessQt) /consumer/main.cpp -o /consumer/second $(pkg-config --libs InterprocessQt)'
inside /consumer/second

if ls "$system"/packages/qml6-module-interprocessqt_*.deb >/dev/null 2>&1; then
    printf 'Importing the QML module\n'
    install qml-qt6 qml6-module-qtqml qml6-module-qtqml-models qml6-module-qtqml-workerscript './qml6-module-interprocessqt_*.deb'
    printf 'import QtQml\nimport InterprocessQt\nQtObject {\n    property LocalSocket socket: LocalSocket {}\n    Component.onCompleted: console.log("imported:", socket)\n}\n' >"$system/import.qml"
    # Its status says nothing: to the program qml, what has no window is nothing that could run.
    inside timeout 60 env QT_QPA_PLATFORM=offscreen /usr/lib/qt6/bin/qml /import.qml >"$work/log" 2>&1 </dev/null || true
    grep 'imported: .*LocalSocket' "$work/log" || {
        cat -- "$work/log" >&2
        fail "The QML module cannot be imported."
    }

    printf 'Building a program whose QML is compiled\n'
    install qt6-declarative-dev qt6-declarative-dev-tools qt6-declarative-private-dev
    folder=$(inside dpkg -L qml6-module-interprocessqt | sed -n 's:/InterprocessQt/qmldir$::p')
    quietly inside cmake -G Ninja -S /qmltcconsumer -B /qmltcconsumer/build -DQML_FOLDER="$folder"
    quietly inside cmake --build /qmltcconsumer/build
    quietly inside /qmltcconsumer/build/bin/qmltcconsumer
fi

if ls "$system"/packages/interprocessqt-examples-qml_*.deb >/dev/null 2>&1; then
    printf 'Starting the programs with windows\n'
    install './interprocessqt-examples-qml_*.deb'
    for program in $(inside dpkg -L interprocessqt-examples-qml | sed -n 's:^/usr/bin/::p'); do
        status=0
        inside timeout 5 env QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software "$program" >"$work/log" 2>&1 </dev/null || status=$?
        # They run until they are closed, or end at once because something is missing.
        if [ "$status" != 124 ] || grep -E 'is not installed|Error' "$work/log"; then
            tail -n 40 -- "$work/log" >&2
            fail "$program does not run with what its package depends on."
        fi
    done
fi

printf 'Removing the packages\n'
purge
left=$(inside find /usr /etc -iname '*interprocessqt*')
[ -z "$left" ] || fail "Left behind: $left"
printf 'The packages work on a new Debian system.\n'
