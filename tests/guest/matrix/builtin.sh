#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A driver that is built in: it is named by the symbol of its code. It has asked at
# boot, before us, which the log has; and asks for more while it is watched.
. "$(dirname "$0")/../testlib.sh"
. "$top/tests/guest/decode.sh"

programs=$("$top/tests/guest/programs/build") || exit 1
use hmm-6.1-builtin
# More pages than its first chunk of 256 MiB has.
boot builtin --append nokaslr --add "$programs/hmm_loop:/root/hmm_loop" --timeout 300 <<'END'
. ./guest.sh
major=$(awk 'tolower($2) == "hmm_dmirror" { print $1 }' /proc/devices)
mknod /tmp/hmm c $major 0
part driver; vmemmapwatch --trace --driver test_hmm 2>&1; echo "code $?"
trace -- /root/hmm_loop /tmp/hmm 66000 1
facts
END
is "the guest lives" "$(cat "$work/builtin/status")" 0
is "exit 1" "$(cat "$work/builtin/code")" 1
is "what is built in is not waited for" "$(sed -n 1,2p "$work/builtin/driver" | xargs)" \
	"vmemmapwatch: --driver=test_hmm: expected a module: it is built into this kernel, and its init has run code 2"
asked='.requests[] | select(.call == "memremap_pages")'
is "its driver is the function that asked, with no module" \
	"$(json builtin "$asked | .driver, .outcome, .module" | xargs)" "dmirror_allocate_chunk accepted null"
is "so is the offender's" "$(json builtin '.offenders[] | .driver, .verdict, .origin' | xargs)" \
	"dmirror_allocate_chunk above observed"
expect_layout builtin
# By its ioctl comes the third chunk; the kernel lists the lowest first.
read -r first last < <(iomem builtin hmm_dmirror | head -n 1)
expect_pages "$first" "$last"
is "the range that it was given, and its struct pages" \
	"$(json builtin '.offenders[] | .phys.start, .phys.last, .struct_pages.start, .struct_pages.end' | xargs)" \
	"$(hex "$first") $(hex "$last") $(hex $pages_start) $(hex $pages_end)"
is "three chunks in all" "$(iomem builtin hmm_dmirror | wc -l)" 3
decode builtin dmesg
is "the log names it, too, for those at boot as well" \
	"$(of builtin '[.boots[].offenders[] | .driver + " " + .verdict] | join(", ")')" \
	"dmirror_allocate_chunk above, dmirror_allocate_chunk above, dmirror_allocate_chunk above"
exit $((failures > 0))
