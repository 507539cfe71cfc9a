#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Many tasks are inside of something at the same time, on eight CPUs: nobody's entry
# makes room for another's, one that finds no room is counted, and none stays behind.
# check: kernels=hmm-6.1 seconds=45
. "$(dirname "$0")/../testlib.sh"

programs=$("$top/tests/guest/programs/build") || exit 1
small=$top/build/small/vmemmapwatch
cd "$top" || exit 1
holds "with a small map it builds" locked small build_from build/small "bpf/*.o" \
	BPFDEFINES=-DVMW_MAX_BINDINGS=20

# Modules of other names, of which each has an init that waits.
dir=$("$top/tests/guest/modules/build" "$kernel") || exit 1
more=()
for n in 1 2 3 4; do
	LC_ALL=C sed "s/vmw_hold/vmw_hol$n/g" "$dir/vmw_hold.ko" >"$work/vmw_hol$n.ko"
	more+=(--add "$work/vmw_hol$n.ko:/root/vmw_hol$n.ko")
done

cat >"$work/crowd.sh" <<'END'
. ./guest.sh
. ./service.sh
# on CPU COMMAND...
on() {
	mask=$(printf '%x' $((1 << $1)))
	shift
	taskset $mask "$@"
}
# bind CPU FIRST LAST: a task each, which stays inside of the probe.
bind() {
	on $1 sh -c "for i in \$(seq $2 $3); do
		(echo vmw_hold.\$i >/sys/bus/platform/drivers/vmw_hold/bind) &
	done; wait" &
}
are_held() {
	[ "$(cat /sys/module/vmw_hold/parameters/inside)" = $1 ]
}
release() {
	echo $2 >/sys/module/$1/parameters/release
}
# What is left of tasks that are inside of something.
inside() {
	./bpf_objects entries | grep -v '^uses ' | sort
}
nobody_inside() {
	! inside | grep -qv ' 0 of '
}
END

boot crowd --smp 8 --append nokaslr --timeout 900 "${more[@]}" \
	--add "$top/tests/guest/service.sh:/root/service.sh" \
	--add "$work/crowd.sh:/root/crowd.sh" --add "$programs/bpf_objects:/root/bpf_objects" \
	--add "$small:/root/small" <<'END'
. ./crowd.sh
started vmemmapwatch --trace --json --driver vmw_hol1,vmw_hol2,vmw_hol3,vmw_hol4 --output /tmp/doc
tracer=$pid
# In an LRU map of 256 the first two CPUs that load a module would take all there is.
on 0 insmod /root/vmw_hold.ko devices=150
on 1 insmod /root/vmw_touch.ko
for n in 1 2 3 4; do
	on 2 insmod /root/vmw_hol$n.ko hold=1 &
	await 60 [ -e /sys/module/vmw_hol$n/parameters/release ]
done
# Likewise of 1024 eight CPUs. The first device on CPU 2 is the one that asks.
bind 2 0 0
await 60 are_held 1
for cpu in 0 1 3 4 5 6 7; do
	bind $cpu $((cpu + 1)) $((cpu + 1))
done
await 60 are_held 8
bind 2 9 148
await 100 are_held 148
part inside; inside
release vmw_hold 1
await 60 are_held 147
for n in 1 2 3 4; do
	release vmw_hol$n 1
done
part ends; await 60 ended $tracer && echo by itself
kill -INT $tracer 2>/dev/null
wait $tracer
part doc; cat /tmp/doc
release vmw_hold 2
await 60 are_held 0
rmmod vmw_hold

# A map that is too small for them; and one of them dies in there.
started /root/small --trace --json --probes=all --output /tmp/doc
tracer=$pid
insmod /root/vmw_hold.ko devices=31 die=1
bind 2 1 30
await 60 are_held 30
part full; inside
release vmw_hold 2
await 60 nobody_inside
part after; inside
part oops; dmesg | grep -c 'kernel BUG at'
kill -INT $tracer
wait $tracer
echo $? >/tmp/code
part lost; cat /tmp/doc
part code; cat /tmp/code
END
is "the guest lives" "$(cat "$work/crowd/status")" 0

# entries PART MAP
entries() {
	sed -n "s/^$2 //p" "$work/crowd/$1"
}
# losses PART: all that is not 0.
losses() {
	jq -r '[.losses[] | select(.count != 0 and .count != "unknown") | "\(.count) \(.place)"] | join(", ")' \
		"$work/crowd/$1" 2>&1
}
matches "all who bind a device have their entry" "$(entries inside bindings)" "^148 of "
matches "all who load a module have theirs" "$(entries inside loadings)" "^4 of "
is "the outer device is still known when its driver asks" \
	"$(jq -r '.requests[] | select(.call == "memremap_pages") | .device.name' "$work/crowd/doc" 2>&1)" vmw_hold.0
is "each module's end is seen: the trace ends" "$(cat "$work/crowd/ends")" "by itself"
is "nothing is lost" "$(losses doc)" ""
is "a full map keeps what it has" "$(entries full bindings)" "20 of 20"
is "who finds no room is counted" "$(losses lost)" "10 devices being bound beyond the limit"
is "and makes the trace inconclusive" "$(cat "$work/crowd/code")" 5
is "one has died inside" "$(cat "$work/crowd/oops")" 1
is "nobody leaves anything behind" "$(grep -v ' 0 of ' "$work/crowd/after")" ""
is "all maps are looked at" "$(wc -l <"$work/crowd/after")" 6
exit $((failures > 0))
