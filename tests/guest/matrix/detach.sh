#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# In which order links, programs and maps are closed, when a trace or a daemon ends and
# when it is killed; and what is not attached on kernels with known bugs. No kernel of
# the table has those, so the guest makes this one look like it: by another function
# called kprobe_dispatcher in kallsyms, and by a release of 2.6.
# check: kernels=hmm-6.1,hmm-6.12-uncured seconds=90
. "$(dirname "$0")/../testlib.sh"
programs=$("$top/tests/guest/programs/build") || exit 1

cat >"$work/detach.sh" <<'END'
. ./guest.sh
tracing=/sys/kernel/tracing
for f in bpf_link_release bpf_prog_release bpf_map_release; do
	echo $f >>$tracing/set_ftrace_filter
done
echo function >$tracing/current_tracer

# ends NAME SIGNAL: send it to $pid; what that process then closes, as "N FUNCTION".
ends() {
	echo >$tracing/trace
	kill -$2 $pid
	wait $pid
	part $1
	sed -n "s/^ *[^ ]*-$pid .* \(bpf_[a-z_]*\) <-.*/\1/p" $tracing/trace | uniq -c
}
END

# Both have a second tracer on each function, so that no link is the last one there.
orders() {
	local folder more=() n
	use "$1"
	folder=$("$top/tests/guest/modules/build" "$1") || exit 1
	for n in 1 2 3 4; do
		LC_ALL=C sed "s/vmw_slow/vmw_slo$n/g" "$folder/vmw_slow.ko" >"$work/vmw_slo$n.ko"
		more+=(--add "$work/vmw_slo$n.ko:/root/vmw_slo$n.ko")
	done
	boot "$1" --smp 2 --timeout 900 "${more[@]}" --add "$work/detach.sh:/root/detach.sh" \
		--add "$programs/old_name:/root/old_name" <<'END'
. ./detach.sh
started vmemmapwatch --trace -- sleep 10000
first=$pid
started vmemmapwatch --trace -- sleep 10000
part guards
grep -o 'bpf_fentry_test[2-6] ([0-9]*)' $tracing/enabled_functions
ends ended TERM
started vmemmapwatch --trace -- sleep 10000
ends killed KILL
kill $first
wait $first

mkdir -p /run/vmemmapwatch
for signal in TERM KILL; do
	started vmemmapwatch --daemon
	until vmemmapwatch --report >/dev/null 2>&1 || ! kill -0 $pid; do sleep 0.5; done
	ends daemon-$signal $signal
done
echo nop >$tracing/current_tracer

# A module that never ends its loading does not block us, ones that come and go do: four,
# since with one there may be 20 ms without any. With fentry neither is a matter.
if ! grep -q "^6.12" /proc/sys/kernel/osrelease; then
	insmod vmw_slow.ko load_ms=100000000 &
	until grep -q Loading /proc/modules; do sleep 0.1; done
	part loading; ./old_name vmemmapwatch --trace --json -- true
	for n in 1 2 3 4; do
		(while :; do insmod vmw_slo$n.ko load_ms=900 unload_ms=900; rmmod vmw_slo$n; done) 2>/dev/null &
		loops="$loops $!"
	done
	until [ $(grep -c 'vmw_slo[1-4]' /proc/modules) = 4 ]; do sleep 0.1; done
	part moving; ./old_name vmemmapwatch --trace -- true 2>&1
	part fixed; vmemmapwatch --trace --json -- true
	kill $loops
fi

sed 's/ kprobe_dispatcher$/ x/; s/ probes_profile_seq_show$/ kprobe_dispatcher/' \
	/proc/kallsyms >/tmp/kallsyms
part safe; vmemmapwatch --trace --json --probes=do_swap_page -- true
mount --bind /tmp/kallsyms /proc/kallsyms
part unsafe; vmemmapwatch --trace --json --probes=do_swap_page -- true
part dmesg; dmesg
END
	is "$1: the guest lives" "$(cat "$work/$1/status")" 0
	is "$1: no WARN, no report" "$(grep -cE 'WARNING:|BUG:|Oops' "$work/$1/dmesg")" 0
	for end in ended killed daemon-TERM daemon-KILL; do
		matches "$1, $end: all links are closed first, then programs and maps" \
			"$(sed -n '/link/,$p' "$work/$1/$end" | xargs)" \
			'^[0-9]+ bpf_link_release( [0-9]+ bpf_(map|prog)_release)+$'
	done
	dir=$work/$1
}

# probe_is PART SYMBOL: how its rows are attached, or why not.
probe_is() {
	jq -r --arg symbol "$2" '[.probes[] | select(.symbol == $symbol) | .reason // .status] | unique | join(", ")' \
		"$dir/$1" 2>&1
}

orders hmm-6.1
is "hmm-6.1: no guard, since it has no fentry" "$(cat "$dir/guards")" ""
is "hmm-6.1: a module that is Loading for long does not block" \
	"$(probe_is loading memremap_pages)" kprobe
matches "hmm-6.1: what is off while modules come and go is named, with the reason" \
	"$(cat "$dir/moving")" 'memremap_pages \(entry\) is (missing|unavailable): modules were being loaded or unloaded'
is "hmm-6.1: with the fix in the kernel nothing is off then" "$(probe_is fixed memremap_pages)" kprobe
is "hmm-6.1: two kprobes on do_swap_page()" "$(probe_is safe do_swap_page)" kprobe
matches "hmm-6.1: none where kprobe_dispatcher() has no acquire load" \
	"$(probe_is unsafe do_swap_page)" '^it would be a second kprobe on a function that runs often'
is "hmm-6.1: two kprobes all the same on a function that rarely runs" \
	"$(probe_is unsafe memremap_pages)" kprobe

orders hmm-6.12-uncured
matches "hmm-6.12-uncured: each trace has a guard" "$(xargs <"$dir/guards")" \
	'^bpf_fentry_test[2-6] \([12]\)'
is "hmm-6.12-uncured: fentry on do_swap_page() needs no second kprobe" \
	"$(probe_is unsafe do_swap_page)" fentry
exit $((failures > 0))
