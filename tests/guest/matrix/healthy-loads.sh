#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Healthy kernels under load, with every caller of pfn_to_page() watched: nothing
# is reported. That it was looked is proved by the kernel's own count of the runs
# of each program. LOAD_SECONDS of load in each boot (12), and as many more as the
# machine takes to LOAD_RUNS runs (400,000). LOADS="KERNEL/CPUS..." names other boots.
# check: seconds=40
. "$(dirname "$0")/../testlib.sh"

seconds=${LOAD_SECONDS:-12}
runs=${LOAD_RUNS:-400000}
loads=${LOADS:-stock-6.12/2}
programs=$("$top/tests/guest/programs/build") || exit 1

# Loads, each until there was enough. Nothing here may fail by itself; what must
# have happened is seen in the counts.
cat >"$work/loads.sh" <<'END'
repeat() {
	while [ ! -e /tmp/enough ]; do
		"$@"
	done
}
# How often programs have run, but for the one of pfn_to_online_page(), of class lookup,
# which reading kpagecount calls for each pfn.
runs() {
	/root/bpf_objects runs | awk '$2 !~ /__pfn_to_/ { n += $1 } END { print n + 0 }'
}
# enough SECONDS RUNS: when that time is over and the programs have run that often;
# or eight times that time is.
enough() {
	sleep $1
	left=$(($1 * 7))
	while [ $(runs) -lt $2 ] && [ $left -gt 0 ]; do
		sleep 1
		left=$((left - 1))
	done
	touch /tmp/enough
}
# Memory of processes: made, copied on write, and given back.
processes() {
	for _ in 1 2 3 4 5 6 7 8; do
		(dd if=/dev/zero of=/dev/null bs=4M count=2 | cat | wc -c)
	done
}
# Of files: written, read, copied, given back.
files() {
	dd if=/dev/urandom of=/tmp/file bs=1M count=8
	cp /tmp/file /tmp/copy
	cmp /tmp/file /tmp/copy && rm /tmp/file /tmp/copy
	echo 3 >/proc/sys/vm/drop_caches
}
# All of memory: each pfn looked at, free pages moved together.
everything() {
	dd if=/proc/kpagecount of=/dev/null bs=1M
	echo 1 >/proc/sys/vm/compact_memory
	sleep 1
}
# Memory blocks that came later, out of use and into it. The kernel tries for
# ever to empty one of which virtio-mem holds a part, until a signal comes.
blocks() {
	for block in /sys/devices/system/memory/memory*; do
		case "$boot_blocks" in
		*" ${block##*/} "*) continue ;;
		esac
		timeout 3 sh -c "echo offline >$block/state" && echo online_movable >$block/state
	done
	sleep 0.2
}
# Persistent memory: bound, written, and unbound.
pmem() {
	dd if=/dev/zero of=/dev/pmem0 bs=1M count=4
	echo namespace0.0 >/sys/bus/nd/drivers/nd_pmem/unbind
	echo namespace0.0 >/sys/bus/nd/drivers/nd_pmem/bind
	sleep 0.2
}
# The kernel's HMM driver: its own tests, and pages to and fro. One after the
# other: it evicts all pages of a device when one user closes it, and oopses
# (6.12.117, dmirror_device_evict_chunk) where another one migrates them.
hmm_pages() {
	/root/hmm-tests >>/tmp/results 2>&1
	/root/hmm_loop /dev/hmm_dmirror1 256 20
}
END

# The loads of a kernel are a function stock or hmm in load.sh.
cat >"$work/load.sh" <<'END'
. ./loads.sh
stock() {
	boot_blocks=" $(cd /sys/devices/system/memory && echo memory[0-9]*) "
	echo online_movable >/sys/devices/system/memory/auto_online_blocks
	modprobe of_pmem
	modprobe nd_pmem
	modprobe virtio_mem
	repeat pmem &
	repeat blocks &
}
hmm() {
	insmod /root/vmw_claim.ko
	insmod /lib/modules/$(uname -r)/kernel/lib/test_hmm.ko
	major=$(awk 'tolower($2) == "hmm_dmirror" { print $1 }' /proc/devices)
	for i in 0 1; do
		[ -e /dev/hmm_dmirror$i ] || mknod /dev/hmm_dmirror$i c $major $i
	done
	repeat hmm_pages &
}
exec >/tmp/log 2>&1
$2
repeat processes &
repeat files &
repeat everything &
enough $1 $3
wait
END

# lost NAME PLACE
lost() {
	json "$1" "[.losses[] | select(.place == \"$2\") | .count | numbers] | add // 0"
}

# Nothing is lost but runs that the kernel skipped, which it does where an
# interrupt meets a program at work: one in a thousand of RUNS at most; and the
# entries of arrays behind the limit, which the HMM driver has when it evicts.
check_losses() {
	local name=$1 skipped entries
	skipped=$(lost "$name" "runs that the kernel skipped")
	entries=$(lost "$name" "entries of one array beyond the limit")
	is "$name: exit 0, or 5 where something was not looked at" "$(cat "$work/$name/code")" \
		$((skipped + entries > 0 ? 5 : 0))
	is "$name: nothing else is lost" "$(json "$name" '[.losses[].count | numbers] | add')" $((skipped + entries))
	[[ $name == hmm-* ]] || is "$name: no array was too large" "$entries" 0
	holds "$name: $skipped runs were skipped" test $((skipped * 1000)) -le "$2"
}

# check_load KERNEL LOAD OPTION...: that boot, quiet; and the symbols of must_run
# have run as often as it says.
check_load() {
	local name=$1 kind=$2 ran='[.probes[] | select(.kind and .class != "lookup" and .runs > 0)]' symbol
	boot "$name" --add "$work/loads.sh:/root/loads.sh" --add "$work/load.sh:/root/load.sh" \
		--add "$programs/bpf_objects:/root/bpf_objects" \
		--timeout $((seconds * 8 + 300)) "${@:3}" <<END
. ./guest.sh
sysctl -qw kernel.bpf_stats_enabled=1
trace --probes=all -- sh load.sh $seconds $kind $runs
part results; cat /tmp/results 2>/dev/null
facts
END
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	check_losses "$name" "$(json "$name" "$ran | map(.runs) | add")"
	is "$name: no caller, no request is an offender" \
		"$(json "$name" '(.uses | length), (.offenders | length)' | xargs)" "0 0"
	is "$name: no WARN, no oops" "$(grep -E -A 20 'WARNING:|Unable to handle' "$work/$name/dmesg")" ""
	holds "$name: the kernel log is there" test -s "$work/$name/dmesg"
	json "$name" '.probes[] | select(.runs) | "# \(.symbol) (\(.point)): \(.runs) runs"'
	holds "$name: at least 12 programs of class certain or use ran, $(json "$name" "$ran | length") here" test \
		"$(json "$name" "$ran | length")" -ge 12
	holds "$name: $runs runs and more, $(json "$name" "$ran | map(.runs) | add") here" test \
		"$(json "$name" "$ran | map(.runs) | add")" -ge $runs
	for symbol in $must_run; do
		holds "$name: ${symbol%=*} ran at least ${symbol#*=} times" test \
			"$(json "$name" "[.probes[] | select(.symbol == \"${symbol%=*}\") | .runs // 0] | add")" \
			-ge "${symbol#*=}"
	done
}

# Commands for QEMU's monitor: the size of the virtio-mem device, up and down.
resize() {
	while sleep 3; do
		echo "qom-set vmem requested-size 768M"
		sleep 3
		echo "qom-set vmem requested-size 256M"
	done
}

# check_stock KERNEL CPUS
check_stock() {
	local row=$1 n=$((seconds / 15 + 1)) resizer sizes
	# As often as can be expected of a slow machine in that time.
	must_run="memremap_pages=$n memunmap_pages=$n arch_add_memory=$n arch_remove_memory=$n
		online_pages=$n offline_pages=$n move_pfn_range_to_zone=$n
		remove_pfn_range_from_zone=$n"
	resize 1<>"$work/monitor" &
	resizer=$!
	check_load $row stock --smp "$2" --pmem 512 --monitor "$work/monitor" --qemu "-m 2048M,maxmem=4G
		-object memory-backend-ram,id=ram,size=1G
		-device virtio-mem-pci,id=vmem,memdev=ram,requested-size=512M"
	kill $resizer
	wait $resizer 2>/dev/null
	sizes=$(sed -n 's/.*virtio_mem .*plugged size: //p' "$work/$row/dmesg" | sort -u | xargs)
	matches "$row: virtio-mem was $sizes bytes" "$sizes" '0x10000000.*0x30000000'
}

# check_hmm KERNEL CPUS. As in healthy: nothing beyond the linear map is free.
check_hmm() {
	local row=$1 tests passed
	must_run="memremap_pages=2 zone_device_page_init=1000 migrate_device_range=2 rmap_walk=1000"
	tests=$("$top/tests/guest/programs/hmm-tests" $row) || exit 1
	check_load $row hmm --smp "$2" --add "$tests:/root/hmm-tests" \
		--add "$programs/hmm_loop:/root/hmm_loop"
	# Under load a page may be busy when a test wants to migrate it.
	passed=$(grep -cE '^ok .*hmm2?_device_private' "$work/$row/results")
	holds "$row: the kernel's tests ran, $passed passed" test "$passed" -ge 20
}

mkfifo "$work/monitor"
for load in $loads; do
	use "${load%/*}"
	"check_${load%%-*}" "${load%/*}" "${load#*/}"
done
exit $((failures > 0))
