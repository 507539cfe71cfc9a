#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Addresses of 52 bits, and a JIT that cuts those of trampolines to 48: the first
# call of a function with fexit oopses in __bpf_tramp_enter(). There returns are
# seen by kretprobes, and the status says why; with 48 bits, and on a kernel that has
# the fix, by fexit.
# check: kernels=hmm-6.12-52bit-tramp,stock-6.12 seconds=90
. "$(dirname "$0")/../testlib.sh"
. "$(dirname "$0")/../offence.sh"

# returns NAME: by what returns of functions are seen, and why.
returns() {
	json "$1" '[.probes[] | select(.point == "return" and .kind == null and .status != "left out") | "\(.status): \(.note)"] | unique | join("; ")'
}
cut="no fexit: this kernel's JIT cuts addresses above 48 bits, the first call would crash"

use hmm-6.12-52bit-tramp
check_offence 52 any any --cpu max --timeout 400 --append nokaslr
is "52: 52 bits are in use" "$va_bits" 52
is "52: no oops of ours" "$(grep -c __bpf_tramp_enter "$work/52/dmesg")" 0
is "52: by kretprobes, and why" "$(json 52 '[.probes[] | select(.symbol == "memremap_pages" or .symbol == "mhp_range_allowed" or .symbol == "really_probe") | "\(.point) \(.status): \(.note)"] | unique | join("; ")')" \
	"entry fentry: null; return kprobe: $cut"
boot forced --cpu max --timeout 400 --append nokaslr <<'END'
. ./guest.sh
trace --attach-with=fentry -- true
facts
END
is "forced: no fexit either" \
	"$(json forced '[.probes[] | select(.symbol == "memremap_pages" and .point == "return") | "\(.status): \(.reason)"] | join("; ")')" \
	"unavailable: --attach-with=fentry: $cut"

check_offence 48 any any --cpu cortex-a72 --timeout 400 --append nokaslr
is "48: 48 bits are in use" "$va_bits" 48
matches "48: fexit" "$(returns 48)" '^fentry: null'

use stock-6.12
boot fixed --cpu max --timeout 400 <<'END'
. ./guest.sh
trace -- true
facts
END
expect_layout fixed
is "fixed: 52 bits are in use" "$va_bits" 52
matches "fixed: fexit, for the trampoline was read" "$(returns fixed)" '^fentry: null'
boot hidden --cpu max --timeout 400 <<'END'
. ./guest.sh
echo 1 >/proc/sys/net/core/bpf_jit_harden
trace -- true
END
matches "hidden: no trampoline is listed, so no fexit" "$(returns hidden)" \
	'^kprobe: no fexit: whether .* could not be checked; kprobe: null$'
exit $((failures > 0))
