# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the harness's scripts share: where things are cached, how long steps say
# what they do, and the one line that an error is.

set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${HOME:=$(getent passwd "$(id -u)" | cut -d: -f6)}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vmemmapwatch
# On arm64 itself the plain names do; Debian has these as links there, too.
cross=aarch64-linux-gnu-

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit "${die_status:-1}"
}

# step TEXT COMMAND...: run COMMAND with its output in a log that is shown when
# it fails. On a terminal the seconds count while it runs.
step() {
	local text=$1 log start pid status=0 again='\n'
	shift
	log=$(mktemp)
	start=$SECONDS
	[ ! -t 2 ] || again='\r'
	printf "  %s ...$again" "$text" >&2
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	if [ -t 2 ]; then
		while kill -0 $pid 2>/dev/null; do
			printf '\r  %s ... %d s' "$text" $((SECONDS - start)) >&2
			sleep 1
		done
		printf '\r' >&2
	fi
	wait $pid || status=$?
	printf '  %s ... done in %d s\n' "$text" $((SECONDS - start)) >&2
	if [ $status -ne 0 ]; then
		printf '%s: failed with status %d, its last lines:\n' "$text" $status >&2
		tail -n 30 "$log" >&2
	fi
	rm -f "$log"
	return $status
}

# key TEXT...: a short name for inputs, to key a cache with.
key() {
	printf '%s\n' "$@" | sha256sum | cut -c1-12
}

# locked NAME COMMAND...: one at a time, for what fills the cache.
locked() {
	local lock=$1
	shift
	mkdir -p "$cache"
	(
		flock 9
		"$@"
	) 9>"$cache/$lock.lock"
}

# build ARGUMENT...: make, one at a time in each OUT and not with the flags of a
# make that runs the tests.
build() {
	locked "make-$(key "$top" "$(printf '%s\n' "$@" | grep -E '^(OUT|ARCH)=')")" \
		env -u MAKEFLAGS -u MAKELEVEL make -s -C "$top" -j"$(nproc)" "$@"
}

# The address of the package mirror that this machine's apt uses for its suite.
mirror() {
	local name
	name=$(suite)
	apt-get indextargets --format '$(SITE)' 'Created-By: Packages' \
		"Codename: $name" 'Component: main' | sort -u | sed -n 1p | grep . ||
		die "apt knows no mirror for $name: run apt-get update"
}

# Its suite's code name, such as bookworm.
suite() {
	# shellcheck disable=SC1091
	. /etc/os-release
	printf '%s\n' "$VERSION_CODENAME"
}
