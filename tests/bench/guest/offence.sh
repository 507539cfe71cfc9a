# SPDX-License-Identifier: GPL-2.0-only
# offence.sh PART: what a call of vmw_touch() costs, not watched, watched
# and in bounds, watched and out of bounds; each out-of-bounds one counted. Then
# a flood of a million.
. /root/lib.sh
part=$1
probe=vmw_touch:page:1
rounds=1563

# run WHO COMMAND...: what COMMAND printed into $ns and $done.
run() {
	who=$1
	shift
	set -- $("$@" 2>/root/out/error | grep -E '^[0-9.]+ [0-9]+$')
	ns=$1 done=$2
	[ -n "$ns" ] && return
	record $part $who failed - "$(grep . /root/out/error | tail -n 1)"
	return 1
}

watch() {
	vmemmapwatch --trace --json --output /root/out/doc --probes=-default \
		--probe $probe "$@"
}

# counted WHO: that the report has every call.
counted() {
	record $part $1 calls $done
	record $part $1 counted "$(doc_sum uses count)"
	record $part $1 lost "$(doc_sum losses count)"
	record $part $1 samples "$(doc_sum uses samples)"
}

round() {
	run none sh /root/touch.sh $inside 0 64 $rounds && record $part none sample "$ns"
	run in-bounds watch --sample-rate=1 -- sh /root/touch.sh $inside 0 64 $rounds &&
		record $part in-bounds sample "$ns" "$(doc_sum uses count) counted"
	run out-of-bounds watch --sample-rate=1 -- sh /root/touch.sh $outside 0 64 $rounds &&
		record $part out-of-bounds sample "$ns"
}

read_window
inside=$page_first
# An address of user space: out of bounds on each kernel, and no NULL.
outside=0x100000000000
insmod /root/vmw_touch.ko || { record $part guest failed - "vmw_touch.ko: not loaded"; exit 1; }
settle
for n in 1 2 3 4 5; do
	round
done
counted out-of-bounds
how=$(awk '/"symbol": "vmw_touch"/ { on = 1 } on && /"status"/ { print $2; exit }' /root/out/doc)
record $part vmemmapwatch status - "$(echo "$how" | tr -d '",')"

# 64 struct pages of a section, and all in all a million of hits.
run flood watch -- sh /root/touch.sh $outside 40 64 15625
record $part flood sample "$ns"
counted flood
