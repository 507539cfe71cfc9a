# SPDX-License-Identifier: GPL-2.0-only
# For scripts that run in a guest: parts of their output, by name.

part() {
	echo "@@@ $1"
}

# What the host needs to compute everything once more.
facts() {
	part note
	head -c 65536 /proc/kcore | strings | grep -E '^[A-Z]+(\(.*\))?='
	part iomem
	cat /proc/iomem
	part dmesg
	dmesg
}

# A trace whose document and exit code the host reads as "doc" and "code".
trace() {
	vmemmapwatch --trace --json --output /tmp/doc "$@"
	echo $? >/tmp/code
	part doc
	cat /tmp/doc
	part code
	cat /tmp/code
}

# Without callers, whose probes take as long to attach as all others, for what they are
# no part of.
few="vmemmapwatch --trace --probes=-default"

# started COMMAND...: in the background as $pid, until its probes are attached, or it has
# ended. What it says is in /tmp/err, which may still hold what another one said.
started() {
	: >/tmp/err
	"$@" >/dev/null 2>>/tmp/err &
	pid=$!
	until grep -q 'probes attached' /tmp/err || ! kill -0 $pid; do
		sleep 0.1
	done
}

# What a kernel shows to others than us: the struct page of a pfn by ftrace, on
# its way into /proc/kpageflags, and the headers of its core.
second_opinions() {
	part kcore
	head -c 8192 /proc/kcore | base64
	part symbols
	grep -E ' vmemmap_free$' /proc/kallsyms
	part ftrace
	cd /sys/kernel/tracing || return
	pfn=$((0x$(sed -n 's/-.* : System RAM$//p' /proc/iomem | head -n 1) / $(page_bytes) + 291))
	echo 'p:vmw stable_page_flags page=%x0:x64' >kprobe_events
	echo 1 >events/kprobes/enable
	dd if=/proc/kpageflags of=/dev/null bs=8 count=1 skip=$pfn 2>/dev/null
	echo 0 >events/kprobes/enable
	echo pfn=$pfn
	grep -o 'page=.*' trace
	echo >kprobe_events
	cd - >/dev/null
}

# kretprobe NAME FUNCTION|off: somebody else's return probe, by tracefs.
kretprobe() {
	tracing=/sys/kernel/tracing
	[ -e $tracing/kprobe_events ] || mount -t tracefs tracefs $tracing
	if [ "$2" = off ]; then
		echo 0 >$tracing/events/kprobes/$1/enable
		echo "-:$1" >>$tracing/kprobe_events
	else
		echo "r:$1 $2" >>$tracing/kprobe_events
		echo 1 >$tracing/events/kprobes/$1/enable
	fi
}

# The first number behind AT_PAGESZ (6) in the auxiliary vector.
page_bytes() {
	od -An -v -td8 -w16 /proc/self/auxv | awk '$1 == 6 { print $2 }'
}

test_hmm=/lib/modules/$(uname -r)/kernel/lib/test_hmm.ko
