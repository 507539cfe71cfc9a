#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# From attach to detach: nothing of a trace stays in the kernel, however it ends,
# and two at once do not disturb each other. LIFETIMES="hmm-6.1 stock-6.12" for fentry, too; and
# RCU_EXPEDITED=0 with an RCU that takes its time.
# check: kernels=hmm-6.1 seconds=40
. "$(dirname "$0")/../testlib.sh"

programs=$("$top/tests/guest/programs/build") || exit 1

cat >"$work/lifetime.sh" <<'END'
. ./guest.sh
# What is attached to the kernel, and what BPF holds, of anybody.
held() {
	awk '{ sub(/\+.*/, "", $3); print $2, $3 }' /sys/kernel/debug/kprobes/list
	awk '/^[^ \t]/ { print "f", $1 }' /sys/kernel/tracing/enabled_functions
	./bpf_objects
}
# Held again as before all; it takes the kernel a moment.
nothing_held() {
	for _ in $(seq 50); do
		held | sort | cmp -s - /tmp/before && break
		sleep 0.2
	done
	part $1; held | sort | diff /tmp/before - && echo nothing
}
# start NAME...: traces of all callers, at once, until all are attached.
start() {
	for name in "$@"; do
		vmemmapwatch --trace --json --probes=all --output /tmp/$name.doc 2>/tmp/$name.err &
		echo $! >/tmp/$name.pid
	done
	for name in "$@"; do
		for _ in $(seq 300); do
			grep -q 'probes attached' /tmp/$name.err && break
			sleep 0.1
		done
	done
}
# end SIGNAL NAME...
end() {
	signal=$1
	shift
	for name in "$@"; do
		kill -$signal $(cat /tmp/$name.pid)
	done
	for name in "$@"; do
		wait $(cat /tmp/$name.pid)
		echo $? >/tmp/code
		part $name.code; cat /tmp/code
		part $name.doc; cat /tmp/$name.doc 2>/dev/null
	done
}
# Three lookups of a pfn that has no struct page; where there is the HMM driver,
# pages to its struct pages out of bounds.
load() {
	for _ in 1 2 3; do
		echo 0xffff00000000 >/sys/devices/system/memory/soft_offline_page
	done 2>/dev/null
	[ ! -e /tmp/hmm ] || ./hmm_loop /tmp/hmm 64 10
}
if insmod $test_hmm 2>/dev/null; then
	mknod /tmp/hmm c $(awk 'tolower($2) == "hmm_dmirror" { print $1 }' /proc/devices) 0
fi
held | sort >/tmp/before
part before; cat /tmp/before

start one two
part held; held | sort
part load; load
end INT one two
nothing_held left

# One is killed while the other one watches, and calls go on all the while.
start killed other
(for _ in 1 2 3 4; do
	dd if=/proc/kpagecount of=/dev/null bs=1M 2>/dev/null
	load
	echo
done) >/tmp/more &
until [ -s /tmp/more ]; do
	sleep 0.1
done
end KILL killed
wait $!
part more; cat /tmp/more
end INT other
nothing_held left_killed
END

check_lifetime() {
	local name=$1 how=$2 probe pages more
	use "$name"
	boot "$name" --smp 2 --append "nokaslr rcupdate.rcu_expedited=${RCU_EXPEDITED:-1}" --timeout 900 \
		--add "$work/lifetime.sh:/root/lifetime.sh" \
		--add "$programs/hmm_loop:/root/hmm_loop" \
		--add "$programs/bpf_objects:/root/bpf_objects" <<'END'
sh lifetime.sh
END
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	is "$name: nothing is attached before" "$(grep -v '^map' "$work/$name/before")" ""
	# And the guard, which nothing calls (daemon/probe/guard.h).
	holds "$name: what the kernel holds during a trace is what the report says, $(jq -r "$attached" "$work/$name/one.doc" | wc -l) probes" \
		diff <(jq -r "$attached" "$work/$name/one.doc" | sort -u) \
		<(grep '^[krf] ' "$work/$name/held" | grep -v '^f bpf_fentry_test[2-6]$' | sort -u)
	holds "$name: most of them by $how" test \
		"$(jq "[.probes[] | select(.status == \"$how\")] | length" "$work/$name/one.doc")" -ge 40
	holds "$name: with a program each, of both traces" test \
		"$(grep -c '^program' "$work/$name/held")" -ge $((2 * $(jq -r "$attached" "$work/$name/one.doc" | wc -l)))
	is "$name: nothing stays when they end" "$(cat "$work/$name/left")" nothing
	is "$name: nor when one is killed" "$(cat "$work/$name/left_killed")" nothing
	is "$name: which leaves no document" "$(cat "$work/$name/killed.code" "$work/$name/killed.doc")" 137
	is "$name: both count the same" "$(jq -c "$counts" "$work/$name/one.doc")" \
		"$(jq -c "$counts" "$work/$name/two.doc")"
	pages=$(awk '{ n += $1 } END { print n + 0 }' "$work/$name/load")
	more=$(awk '{ n += $1 } END { print n + 0 }' "$work/$name/more")
	is "$name: what there was to count" "$(counted one) $(counted two)" "3 $pages 3 $pages"
	is "$name: and where the other one was killed" "$(counted other)" "12 $more"
	is "$name: exit codes" "$(cat "$work/$name/"{one,two,other}.code | xargs)" "$3 $3 $3"
}

# What a report says is attached, as the kernel lists it; tracepoints have no list.
# A caller judged on return by a kretprobe has a kprobe, too, that keeps its argument.
attached='.probes[] | select(.status == "kprobe" or .status == "fentry") |
	(if .status == "fentry" then ["f"] elif .point != "return" then ["k"]
	 elif .kind then ["k", "r"] else ["r"] end)[] + " " + .symbol'
counts='[.uses[], .lookups[] | [.probe, .section // .request, .count, .pages]] | sort'

# Lookups, and pages that went to the driver, by that document.
counted() {
	jq -r '([.lookups[] | select(.probe == "soft_offline_page").count] | add // 0),
		([.uses[] | select(.probe == "zone_device_page_init").count] | add // 0)' \
		"$work/$name/$1.doc" | xargs
}

for row in ${LIFETIMES:-hmm-6.1}; do
	case $row in
	stock-6.12) check_lifetime $row fentry 0 ;;
	*) check_lifetime $row kprobe 1 ;;
	esac
done
exit $((failures > 0))
