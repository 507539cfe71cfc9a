#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Who asked, and what came after what: drivers with a device and a cgroup, gone
# before the report is made, two at once; a trace that waits for a driver.
# check: kernels=hmm-6.1 seconds=70
. "$(dirname "$0")/../testlib.sh"

container=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

boot who --smp 2 --append nokaslr <<END
. ./guest.sh
mkdir -p /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/machine.slice/docker-$container.scope
(
	echo 0 >/sys/fs/cgroup/machine.slice/docker-$container.scope/cgroup.procs
	trace -- sh -c 'insmod /root/vmw_device.ko && rmmod vmw_device'
)
part text
vmemmapwatch --trace -- insmod /root/vmw_device.ko
rmmod vmw_device
# Others have it at the same time.
part both
\$few --json -- sh -c 'insmod \$0 & insmod /root/vmw_device.ko & wait' \$test_hmm
rmmod test_hmm vmw_device
part loaded
insmod /root/vmw_device.ko
\$few --json -- rmmod vmw_device
part worker
\$few --json --settle 1 -- insmod /root/vmw_device.ko later=1
rmmod vmw_device
part worker-refused
\$few --json --settle 1 -- insmod /root/vmw_device.ko later=1 size=0xffffffff00000000
rmmod vmw_device
part nested
\$few --json -- insmod /root/vmw_device.ko nested=1
rmmod vmw_device
part unbound
insmod /root/vmw_device.ko
\$few --json -- sh -c 'echo vmw_device.7 >/sys/bus/platform/drivers/vmw_device/unbind'
rmmod vmw_device
part foreign
\$few --json -- insmod /root/vmw_device.ko no_ops=1
\$few -- true >/dev/null
rmmod vmw_device
part misaligned
\$few --json -- insmod /root/vmw_refused.ko private=1 start=0x80000100000 size=0x200000
part taken
\$few --json -- sh -c 'insmod \$0; insmod /root/vmw_refused.ko private=1 start=0xfffff0000000 size=0x10000000' \$test_hmm
rmmod test_hmm
part noregion
\$few -- insmod /root/vmw_device.ko size=0xffffffff00000000
rmmod vmw_device
part noregion-doc
\$few --json -- insmod /root/vmw_ask.ko size=0xffffffff00000000
part noregion-device
\$few --json -- insmod /root/vmw_device.ko size=0xffffffff00000000
rmmod vmw_device
END
is "who: the guest lives" "$(cat "$work/who/status")" 0

request='.requests[] | select(.call == "memremap_pages")'
is "gone before the report: still named" "$(json who "[$request | .driver] | unique[]")" vmw_device
is "its version and taints" \
	"$(json who "$request | .module | .name, .version, .taints" | xargs)" "vmw_device 1.7-test OE"
is "that it is gone" "$(json who "$request | .module.freed.utc | length > 0")" true
is "its device" "$(json who "$request | .device | .bus, .name" | xargs)" "platform vmw_device.7"
is "the cgroup of the task" "$(json who "$request | .cgroup")" \
	"/machine.slice/docker-$container.scope"
is "its container" "$(json who "$request | .container")" $container
is "the offender has all that, too" \
	"$(json who '.offenders[0] | .module.name, .device.name, .container' | xargs)" \
	"vmw_device vmw_device.7 $container"
is "the story, in order" "$(json who "$request | [.timeline[].what] | join(\" \")")" \
	"module region memremap_pages mhp_range_allowed __add_pages warn memmap_init_zone_device result module"
is "its times go up" "$(json who "$request | [.timeline[].time.boot_ns] | . == sort")" true
is "what was asked, and given" \
	"$(json who "$request | .timeline[] | select(.what == \"region\") | .text")" \
	"asks for 0x8000000 free bytes, is given physical $(json who "$request | .ranges[0].phys.start")-$(json who "$request | .ranges[0].phys.last")"
holds "who: as the schema has it" tests/schema report <"$work/who/doc"
matches "the text has it" "$(cat "$work/who/text")" "device        platform vmw_device.7"
matches "the text has the story" "$(cat "$work/who/text")" \
	"timeline +-[0-9.]+ s +module: vmw_device is loaded, version 1.7-test,"

of() {
	jq -r "$2" "$work/who/$1" 2>&1
}

is "two at once: each has its own" \
	"$(of both '[.offenders[] | .driver] | sort | unique | join(" ")')" "test_hmm vmw_device"
is "two at once: devices do not mix" \
	"$(of both '[.offenders[] | select(.driver == "test_hmm") | .device] | unique | tostring')" "[null]"
is "loaded before: its version is known all the same" \
	"$(of loaded '.requests[0].module | .name, .version, .taints' | xargs)" "vmw_device 1.7-test OE"

is "asked by a worker, and the device is known by the call" \
	"$(of worker '.requests[] | select(.call == "memremap_pages") | .driver, .device.bus, .device.name, .task.comm[:7]' | xargs)" \
	"vmw_device platform vmw_device.7 kworker"
is "refused to a worker, and the device is known by that call, too" \
	"$(of worker-refused '.refused[] | .driver, .errno.name, .device.name, .task.comm[:7]' | xargs)" \
	"vmw_device ERANGE vmw_device.7 kworker"
is "behind a device that was bound meanwhile it is the outer one's again" \
	"$(of nested '.requests[] | select(.call == "memremap_pages") | .driver, .device.name' | xargs)" \
	"vmw_device vmw_device.7"
is "taken down by the driver core, and asked for before the trace: nobody is blamed" \
	"$(of unbound '.requests[] | select(.call == "memunmap_pages") | .driver, .outcome' | xargs)" "unknown gone"
is "a WARN of another matter is told as such" \
	"$(of foreign '[.warns[] | .ours] | unique | tostring')" "[false]"
is "it is no offence" "$(of foreign '[.offenders[] | select(.origin == "observed")] | length')" 0
matches "its place" "$(of foreign '.warns[0].symbol')" "memremap_pages"
matches "a misaligned range is told as such" \
	"$(of misaligned '[.requests[], .refused[] | .timeline[] | select(.what == "result") | .text] | join("; ")')" \
	"not aligned to 2 MiB"
matches "a range that another driver has is told as such" \
	"$(of taken '[.requests[], .refused[] | .timeline[] | select(.what == "result") | .text] | join("; ")')" \
	"its range is taken: test_hmm has it"
matches "no range of that size" "$(cat "$work/who/noregion")" \
	"asked +0xffffffff00000000 bytes of free physical addresses"
matches "it is a story, too" "$(tr '\n' ' ' <"$work/who/noregion" | tr -s ' ')" \
	"region: asks for 0xffffffff00000000 free bytes, is given none"
matches "why that is" "$(tr '\n' ' ' <"$work/who/noregion" | tr -s ' ')" \
	"searched for 0xffffffff00000000 bytes of free physical addresses at or below physical 0xffffffffffff and found none"
is "no range of that size: refused, by whom" \
	"$(of noregion-doc '.refused[0] | .call, .driver, .outcome, .errno.name, .task.comm' | xargs)" \
	"request_free_mem_region vmw_ask refused ERANGE insmod"
is "no range of that size: the story" \
	"$(of noregion-doc '.refused[0] | [.timeline[].what] | join(" ")')" "module region result module"
is "no range of that size: by a managed call, with its device" \
	"$(of noregion-device '.refused[0] | .call, .driver, .errno.name, .device.name' | xargs)" \
	"request_free_mem_region vmw_device ERANGE vmw_device.7"
for document in noregion-doc noregion-device; do
	holds "$document: as the schema has it" tests/schema report <"$work/who/$document"
	is "$document: it is no offence" "$(of $document '[.offenders[] | select(.origin == "observed")] | length')" 0
done

# A trace that waits.
boot waits --append nokaslr <<'END'
. ./guest.sh
for way in vmw_device vmw-device,test_hmm; do
	started $few --json --driver $way --settle 0.3 --output /tmp/doc
	insmod /root/vmw_device.ko
	case $way in *test_hmm) insmod $test_hmm ;; esac
	start=$(cut -d' ' -f1 /proc/uptime)
	wait $pid
	echo "code $?"
	part "$(echo doc-$way | tr , +)"
	cat /tmp/doc
	part "$(echo err-$way | tr , +)"
	cat /tmp/err
	rmmod vmw_device
	case $way in *test_hmm) rmmod test_hmm ;; esac
done
# Three requests, each longer after the one before than from init to the trace's end.
three='/root/vmw_ask.ko size=0x8000000,0x8000000,0x8000000 later=700'
part worker
$few --json --settle 1.2 -- insmod $three
rmmod vmw_ask
part worker-driver
started $few --json --driver vmw_ask --settle 1.2 --output /tmp/doc
insmod $three
wait $pid
cat /tmp/doc
rmmod vmw_ask
part worker-unasked
$few --json -- insmod $three
rmmod vmw_ask
part late
vmemmapwatch --trace --driver nosuch --for 1 --output /tmp/late 2>&1
echo "exit status $?"
head -n1 /tmp/late
part bad
vmemmapwatch --trace --driver '' 2>&1
vmemmapwatch --trace --driver a -- true 2>&1
END
is "waits: the guest lives" "$(cat "$work/waits/status")" 2
is "waits: it ends by itself, with an offender" \
	"$(jq -r '[.offenders[].driver] | unique | join(" ")' "$work/waits/doc-vmw_device")" vmw_device
for part in worker worker-driver; do
	is "$part: what is asked for later is waited for, each time anew" \
		"$(jq -r '[.requests[] | select(.call == "memremap_pages") | .driver + " " + .outcome] | join(", ")' "$work/waits/$part")" \
		"vmw_ask accepted, vmw_ask accepted, vmw_ask accepted"
	is "$part: its task is a worker of the kernel" \
		"$(jq -r '[.requests[].task.comm | startswith("kworker/")] | unique | tostring' "$work/waits/$part")" "[true]"
done
is "a COMMAND alone is not waited behind" "$(jq '.requests | length' "$work/waits/worker-unasked")" 0
is "waits: for both, whichever way they are written" \
	"$(jq -r '[.offenders[].driver] | unique | join(" ")' "$work/waits/doc-vmw-device+test_hmm")" \
	"test_hmm vmw_device"
matches "waits: it says when they have come" "$(cat "$work/waits/err-vmw_device")" \
	"all requested drivers are loaded"
is "waits: a driver that did not come was not tested" \
	"$(grep -v 'probes attached' "$work/waits/late" | paste -sd'|')" \
	"vmemmapwatch: not tested: not loaded during the trace: nosuch|exit status 6|Not tested: not loaded during the trace: nosuch."
matches "an empty name is refused" "$(cat "$work/waits/bad")" "--driver=: expected up to 8 names"
matches "COMMAND and --driver are refused" "$(cat "$work/waits/bad")" \
	"--driver cannot be combined with COMMAND"
