# SPDX-License-Identifier: GPL-2.0-only
# growth.sh PART: what more probes, and more offenders, cost. Offenders are told
# apart by memory sections, of 128 MiB, whose struct pages take 2 MiB.
. /root/lib.sh
part=$1

callers() {
	vmemmapwatch --probes | awk '/ (certain|use|lookup) / && / (fentry|kprobe) / &&
		$2 != "request" && !seen[$1]++ { print $1 }' | head -n "$1" | tr '\n' ','
}

# start WHO LIST: to all attached, and memory then; the median of three.
start() {
	rm -f /root/out/status /root/out/times
	for n in 1 2 3; do
		begin=$(/root/now)
		attached=$(vmemmapwatch --trace --output /root/out/report "--probes=$2" \
			-- /root/now /root/out/status 2>/root/out/error | grep -E '^[0-9]{9,}$')
		[ -n "$attached" ] || break
		ms $begin $attached >>/root/out/times
	done
	if [ ! -s /root/out/times ]; then
		record $part "$1" failed - "$(grep . /root/out/error | tail -n 1)"
		return
	fi
	record $part "$1" start_ms "$(median </root/out/times)"
	for field in VmHWM VmRSS RssAnon; do
		record $part "$1" $field "$(value $field /root/out/status)"
	done
}

# offenders NUMBER: a hit of one of so many, the peak of memory in KiB (busybox
# takes those of getrusage() for pages), and from the last hit to the report.
offenders() {
	who="$1 offenders" stride=200000 count=$1
	[ $1 -gt 1 ] || stride=0 count=100
	set -- "$1" $(time -v -o /root/out/time vmemmapwatch --trace --json \
		--output /root/out/doc --probes=-default --probe vmw_touch:page:1 --sample-rate=1 \
		-- sh /root/touch.sh 0x100000000000 $stride $count $((100000 / count)) 2>/root/out/error)
	end=$(/root/now)
	if [ -z "$3" ]; then
		record $part "$who" failed - "$(grep . /root/out/error | tail -n 1)"
		return
	fi
	record $part "$who" sample "$2"
	record $part "$who" calls "$3"
	record $part "$who" counted "$(doc_sum uses count)"
	record $part "$who" reported "$(grep -c '^      "probe": "vmw_touch"' /root/out/doc)"
	record $part "$who" lost "$(doc_sum losses count)"
	record $part "$who" peak $(($(sed -n 's/.*Maximum resident.*: //p' /root/out/time) / 4))
	record $part "$who" report_ms "$(ms "$(cat /root/out/end)" "$end")"
}

settle
for n in 1 8 24; do
	start "$n callers" "-default,$(callers $n | sed 's/,$//')"
done
start "all callers" all
insmod /root/vmw_touch.ko || { record $part guest failed - "vmw_touch.ko: not loaded"; exit 1; }
for n in 1 100 10000; do
	offenders $n
done
