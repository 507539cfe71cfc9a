#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A quiet run, and everything that is no run at all: exit codes, one clear
# line for each, and no half-written file.
# check: kernels=hmm-6.1 seconds=85
. "$(dirname "$0")/../testlib.sh"

boot usage --append nokaslr --timeout 900 <<'END'
. ./guest.sh
cd /root
# try NAME [ARG...]: run it, and keep code, stdout and stderr under NAME.
try() {
	name=$1
	shift
	"$@" >/tmp/out 2>/tmp/err
	echo $? >/tmp/code
	part $name.code; cat /tmp/code
	part $name.out; cat /tmp/out
	part $name.err; cat /tmp/err
}
vw=vmemmapwatch
try clean $vw --trace --json -- true
try list $vw --probes
try choice $vw --trace --json --probes='folio_migrate_*,try_to_*' -- true
try badchoice $vw --trace --probes=no_such_thing -- touch /tmp/ran
try echo $few --json -- echo hello
try text $few -- echo hello
try status $few --json -- sh -c 'exit 7'
try failed $few -- modprobe nosuch
try never $few --json --driver nosuch --for 0.1
printf '#!/no/such/interpreter\n' >/tmp/s
chmod +x /tmp/s
try script $few -- /tmp/s
try notfile $few -- /tmp
rm /tmp/s
try option $vw --trace --foo
try value $vw --trace --for
try number $vw --trace --for never
try mode $vw -- true
try command $few --json --output /tmp/nothing -- /no/such/command
try unwritable $vw --trace --output /no/such/folder/doc -- touch /tmp/ran
try noroot su nobody -c 'vmemmapwatch --trace -- touch /tmp/ran'
mount -t tmpfs none /sys/kernel/btf
try nobtf $vw --trace -- touch /tmp/ran
umount /sys/kernel/btf
sysctl -qw kernel.kptr_restrict=2
try kptr $vw --trace -- touch /tmp/ran
sysctl -qw kernel.kptr_restrict=0
# memstart_addr's line gets the address of another variable: another value.
other=$(sed -n 's/ [^ ]* mem_section$//p' /proc/kallsyms)
sed "s/^[0-9a-f]*\( . memstart_addr\)$/$other\1/" /proc/kallsyms >/tmp/kallsyms
mount --bind /tmp/kallsyms /proc/kallsyms
try disagree $vw --trace -- touch /tmp/ran
umount /proc/kallsyms
mount --bind /tmp/kallsyms /proc/kallsyms
try layout4 $vw --layout
try trust $few --trust vmcoreinfo --json -- true
try distrust $vw --trace --trust code -- touch /tmp/ran
try nobody $vw --trace --trust nobody -- touch /tmp/ran
umount /proc/kallsyms
try layout $vw --layout
try layoutjson $vw --layout --json
image=0x$(sed -n 's/ T _stext$//p' /proc/kallsyms)
try explain $vw --explain pfn:0x40210 --json phys:fffff0000000-ffffffffffff 0xfffffc0000000000 $image
image_fn=$(awk '$2 == "T" && $3 == "memremap_pages" { print "0x" $1 }' /proc/kallsyms)
try explainfn $vw --explain --json $image_fn 0x1000
try explaintext $vw --explain 0x1000
try explainbad $vw --explain 0x1000 pfn:abc
try explainnone $vw --explain
# Blind: probes that are attached and do not fire; and no room for them.
fires=/sys/kernel/debug/kprobes/enabled
echo 0 >$fires
try blindbefore $vw --trace --json -- insmod $test_hmm
try blindtext $vw --trace -- rmmod test_hmm
try blindsupport $vw --support
echo 1 >$fires
try blindduring $vw --trace --json -- sh -c "echo 0 >$fires; sleep 0.2"
echo 1 >$fires
try blink $vw --trace --json -- sh -c "echo 0 >$fires; insmod $test_hmm; echo 1 >$fires"
rmmod test_hmm
(ulimit -n 60; try emfile $vw --trace -- touch /tmp/ran)
try reload $vw --trace --json -- sh -c "insmod $test_hmm; rmmod test_hmm; insmod $test_hmm"
try there $vw --trace --json -- true
try theretext $vw --trace -- false
try therelines $vw --trace --json=lines -- true
part module; awk '$2 == "t" && $3 ~ /^dmirror/ { print "0x" $1, $3; exit }' /proc/kallsyms >/tmp/fn; cat /tmp/fn
try explainmodule $vw --explain --json $(cut -d' ' -f1 /tmp/fn)
rmmod test_hmm
try past $vw --trace -- true
rm /tmp/fn
try fromtrace $vw --trace --from /root/guest.sh
try fromnowhere $vw --layout --from /no/such/file
echo "VMEMMAP_START: 0xfffffc0000000000" >/tmp/table
try fromlack $vw --layout --from /tmp/table
rm /tmp/table
try time $few --json --for 1 -- sleep 60
try timeonly $few --json --for 0.5
try obeyed $few --json --for 0.5 -- sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
try stubborn $few --json --for 0.5 -- sh -c 'trap "" TERM; while :; do sleep 1; done'
rm -f /tmp/err
sh -c 'until grep -qs "probes attached" /tmp/err; do sleep 0.1; done
	killall -INT vmemmapwatch' &
try interrupt $few --json
rm -f /tmp/err
sh -c 'until grep -qs "probes attached" /tmp/err; do sleep 0.1; done
	killall -TERM vmemmapwatch' &
try terminate $few --json -- sleep 60
rm -f /tmp/err
sh -c 'until grep -qs "probes attached" /tmp/err; do sleep 0.1; done
	killall -HUP vmemmapwatch' &
try hangup $few --json --output /tmp/doc -- sleep 60
part hangup.doc; cat /tmp/doc
rm -f /tmp/doc /tmp/err
sh -c 'until grep -qs "probes attached" /tmp/err; do sleep 0.1; done
	killall -HUP vmemmapwatch; sleep 1; killall -INT vmemmapwatch' &
try nohup sh -c 'trap "" HUP; exec vmemmapwatch --trace --probes=-default --json -- sh -c "sleep 0.5; echo slept"'
# FIFOs: one without a reader, and one whose reader does not read and that is full.
mkfifo /tmp/pipe
try fifo timeout -s INT -k 20 2 $vw --trace --output /tmp/pipe -- touch /tmp/ran
sh -c 'exec 3<>/tmp/pipe; head -c 65536 /dev/zero >&3; exec sleep 600' &
filler=$!
sleep 1
for format in --json --json=lines; do
	rm -f /tmp/err
	# A signal ends the trace, and the next one the wait for the reader.
	sh -c 'until grep -qs "probes attached" /tmp/err; do sleep 0.1; done
		while sleep 0.5; do killall -INT vmemmapwatch || exit; done' 2>/dev/null &
	try unread$format timeout -s KILL 60 $few $format --output /tmp/pipe
	wait $!
done
kill $filler
rm /tmp/pipe
# A board without an RTC: NTP sets the clock when the driver is there already.
now=$(date +%s)
date -s @1000000 >/dev/null
try clock $few --json=lines -- sh -c "insmod /root/vmw_direct.ko; date -s @$now; sleep 1; rmmod vmw_direct"
try probed $vw --trace -- cat /sys/kernel/debug/kprobes/list
try stuck $few --json --for 0.5 -- insmod vmw_refused.ko stuck=30
mkdir /tmp/small
mount -t tmpfs -o size=8k none /tmp/small
# The guest has what the program needs to start, and no more.
try metrics $vw --metrics --listen unix:/tmp/metrics
rm /tmp/metrics
try full $few --json --output /tmp/small/doc -- true
try fullstdout sh -c "$few --json -- true >/dev/full"
try fulloffender sh -c "$few --json -- insmod $test_hmm >/dev/full"
# A task and a host of hostile names: the document is still JSON.
printf '#!/bin/sh\nprintf "a\\"\\001\\377" >/proc/self/comm\ninsmod /root/vmw_direct.ko\n' >/tmp/s
hostname "$(printf 'h"\001\377')"
try hostile $vw --trace --json -- sh /tmp/s "$(printf 'x"\001\377')"
hostname guest
rm /tmp/s
part left; ls /tmp/small /tmp | xargs
part events; cat /sys/kernel/debug/kprobes/list
try support $vw --support
part notrace; dmesg | grep 'Could not probe notrace' || :
END
u=$work/usage
is "the guest lives" "$(cat "$u/status")" 0

# code NAME WANTED
code() {
	is "$1: exit $2" "$(cat "$u/$1.code")" "$2"
}

# As of kprobes; tracepoints and WARNs are no part of it.
firing() {
	jq -r '[.firing[] | select(.state != "unchecked") | .how + " " + .state] | join(", ")' "$u/$1.out"
}
code clean 0
is "clean: each way of attaching fires" "$(firing clean)" "kprobe fires, kretprobe fires, tracepoint fires"
code blindbefore 5
is "blind before: as it is" "$(firing blindbefore)" "kprobe silent, kretprobe silent, tracepoint fires"
holds "blind before: how long" jq -e \
	'.firing[0] | .silences == 1 and .silent_ns > 0 and .first.utc <= .last.utc' "$u/blindbefore.out"
is "blind before: the WARNs are seen, and nobody who asked" \
	"$(jq -r '(.warns | length > 0), (.requests | length), (.losses[] | select(.place | contains("warned of")) | .count > 0)' "$u/blindbefore.out" | xargs)" \
	"true 0 true"
matches "blind before: one line for each way at once" "$(cat "$u/blindbefore.err")" \
	'probes by kprobe do not fire.*/sys/kernel/debug/kprobes/enabled'
# What it removes was there before, as the log and the sections of memory say.
code blindtext 1
matches "blind: the text says so" "$(cat "$u/blindtext.out")" 'LOST: what probes by kretprobe would have seen'
is "blind: no all-clear" "$(grep -c 'bounds was seen\.' "$u/blindtext.out")" 0
code blindsupport 3
matches "blind: --support" "$(cat "$u/blindsupport.out")" 'It cannot be watched: probes by kprobe attach and do not fire'
code blindduring 5
is "blind at the end" "$(firing blindduring)" "kprobe silent, kretprobe silent, tracepoint fires"
code blink 5
is "blind between two looks: the WARNs tell" \
	"$(jq -r '[.offenders[] | select(.origin == "observed")] | length' "$u/blink.out") $(jq -r '.losses[] | select(.place | contains("warned of")) | .count > 0' "$u/blink.out")" "0 true"
code emfile 3
matches "no fds: it says so" "$(cat "$u/emfile.err")" 'too many open files: .*RLIMIT_NOFILE'
is "no fds: the kernel is not blamed" "$(grep -c 'on this kernel' "$u/emfile.err")" 0
code reload 1
is "a range that comes, goes and comes again is one offender" \
	"$(jq -r '(.offenders | length), (.uses | length), ([.offenders[].state] | unique | join(" ")), ([.offenders[].seen_by.migrate_device_range] | unique | tostring)' "$u/reload.out" | xargs)" \
	"2 0 live [1]"
holds "clean: stdout is the document" jq -e . "$u/clean.out"
is "clean: every probe that this kernel allows" \
	"$(jq -r '.probes[] | select(.kind == null and .status == "unavailable") | .symbol + ": " + .reason' "$u/clean.out")" \
	"vmemmap_populate: notrace in this kernel, so it refuses kprobes (EINVAL)"
is "clean: the rest is attached" \
	"$(jq -r '[.probes[] | select(.kind == null) | .status] | group_by(.) | map(.[0] + " " + (length | tostring)) | join(", ")' "$u/clean.out")" \
	"kprobe 24, left out 2, tracepoint 6, unavailable 1"
is "clean: nothing lost" \
	"$(jq -r '[.losses[].count | numbers] | add' "$u/clean.out")" 0
is "clean: what 6.1 does not tell is unknown" \
	"$(jq -r '.losses[] | select(.place | contains("skipped")) | .count' "$u/clean.out")" unknown
is "clean: stderr says what is attached" "$(grep -c 'of [0-9]* probes attached' "$u/clean.err")" 1
is "clean: callers by default are none hotter than a request" \
	"$(jq -r '[.probes[] | select(.kind and .status == "kprobe") | .heat] | unique | join(" ")' "$u/clean.out")" request
holds "clean: the document is as the schema says" "$top/tests/schema" report <"$u/clean.out"
code list 0
is "list: the totals, as the lines and the trace have them" \
	"$(sed 's/[^0-9 ]//g' "$u/list.err" | xargs)" \
	"$(grep -c '^[^ ]' "$u/list.out") $(grep -cE ' (kprobe|tracepoint)$' "$u/list.out") $(sed -n 's/^vmemmapwatch: \([0-9]*\) of [0-9]* probes attached.*/\1/p' "$u/clean.err")"
is "list: a line for each row" "$(grep -c '^[^ ]' "$u/list.out")" "$(jq '.probes | length' "$u/clean.out")"
holds "list: at least 16 callers of class certain or use would attach" test \
	"$(grep -cE ' (certain|use) +(request|section|fault|page) +kprobe$' "$u/list.out")" -ge 16
matches "list: a position that moved is known by its prototype" "$(grep -A3 '^sparse_remove_section' "$u/list.out" | xargs)" \
	'sparse_remove_section pfn range certain section - .*unknown prototype.* sparse_remove_section pfn range certain section kprobe'
code choice 0
is "choice: globs and leaving out" \
	"$(jq -r '[.probes[] | select(.kind and .status != "left out" and .status != "unavailable") | .symbol] | sort | join(" ")' "$u/choice.out")" \
	"folio_migrate_flags folio_migrate_mapping try_to_migrate"
code badchoice 2
one_line "choice: one line says what is expected" "$u/badchoice.err" '--probes=no_such_thing: expected default, all, or names'

code failed 6
is "failed: not tested, for COMMAND failed" "$(head -n1 "$u/failed.out")" \
	"Not tested: modprobe exited with status 1."
code never 6
is "never: not tested, for no driver came" "$(jq -r '.tested, .untested, .code' "$u/never.out" | paste -sd'|')" \
	"false|not loaded during the trace: nosuch|6"
is "never: stderr says so, for the document may be anywhere" \
	"$(grep -c '^vmemmapwatch: not tested: not loaded during the trace: nosuch$' "$u/never.err")" 1
is "on no terminal there is no progress, and no list of probes" \
	"$(grep -cE 'attaching|watching|detach|kprobe' "$u/failed.err")" 0
holds "never: the document is as the schema says" "$top/tests/schema" report <"$u/never.out"
for name in command script notfile; do
	code $name 2
	is "$name: found before anything is attached" "$(grep -c attached "$u/$name.err")" 0
done
one_line "script: one line says what is not there" "$u/script.err" '/tmp/s: cannot be executed: No such file'
one_line "notfile: one line says why" "$u/notfile.err" '/tmp: cannot be executed: Permission denied'
code there 1
is "there: what was out of bounds before the trace is reported" \
	"$(jq -r '[.offenders[] | select(.live) | .driver + " " + .origin] | unique | join(", ")' "$u/there.out")" \
	"test_hmm found at start"
code theretext 1
is "there: the text says so, and that COMMAND failed" \
	"$(grep -oE '^Not tested: .*|found at start' "$u/theretext.out" | sort -u | paste -sd'|')" \
	"Not tested: false exited with status 1.|found at start"
is "there: as lines, too" \
	"$(jq -r 'select(.type == "offender" and .live) | .driver + " " + .origin' "$u/therelines.out" | sort -u)" \
	"test_hmm found at start"
code past 0
matches "past: what is gone is history" "$(head -n1 "$u/past.out")" "^test_hmm had .* \(gone\)\.$"
is "no probe is tried that the kernel complains of" "$(cat "$u/notrace")" ""

code echo 0
holds "echo: stdout is the document and nothing else" jq -e '.command.argv == ["echo", "hello"]' "$u/echo.out"
is "echo: COMMAND's output is on stderr" "$(grep -cx hello "$u/echo.err")" 1
is "text: COMMAND's output stays on stdout" "$(grep -cx hello "$u/text.out")" 1
code status 6
is "status: COMMAND's is in the document" "$(jq .command.exit_status "$u/status.out")" 7

code option 2
one_line "option: one line names it" "$u/option.err" '^vmemmapwatch: --foo: unknown option'
code value 2
one_line "value: one line says what is expected" "$u/value.err" '--for: expected --for=SECONDS'
code number 2
one_line "number: one line says what is expected" "$u/number.err" '--for=never: expected a number of seconds'
code mode 2
one_line "mode: one line" "$u/mode.err" 'true: expected a mode, such as trace, .* \(see --help\)'
code command 2
is "command: one line names it" "$(grep -v attached "$u/command.err" | grep -v unavailable)" \
	"vmemmapwatch: /no/such/command: cannot be executed: No such file or directory"
code unwritable 2
one_line "unwritable: one line names it" "$u/unwritable.err" '/no/such/folder/doc: cannot be written: No such file'
code noroot 3
one_line "noroot: one line says what is missing" "$u/noroot.err" 'CAP_SYS_ADMIN is missing .*run as root'
code nobtf 3
one_line "nobtf: one line says what is missing" "$u/nobtf.err" 'btf/vmlinux: .*CONFIG_DEBUG_INFO_BTF'
code kptr 3
one_line "kptr: one line says what would help" "$u/kptr.err" 'kptr_restrict=2 .*sysctl kernel.kptr_restrict=1'
code disagree 4
is "disagree: a line for each source" "$(grep -c 'sources disagree about PHYS_OFFSET: 0x.* by ' "$u/disagree.err")" 4
code trust 0
is "trust: the one that is believed is said" \
	"$(jq -r '.layout.values.PHYS_OFFSET | .agreement, .source' "$u/trust.out" | xargs)" "trusted vmcoreinfo"
is "trust: what follows agrees again" \
	"$(jq -r '.layout.values | .vmemmap, .VMEMMAP_START | .agreement' "$u/trust.out" | xargs)" "agree agree"
code distrust 4
code nobody 2
one_line "trust: one line names who could be" "$u/nobody.err" '--trust=nobody: expected one of kallsyms, vmcoreinfo, '

code layout 0
is "layout: START with all its sources" \
	"$(sed -n '/VMEMMAP_START  /,+5s/  */ /gp' "$u/layout.out" | sed 's/[0-9]* of [0-9]* conv/N of N conv/' | paste -sd'|')" \
	" VMEMMAP_START 0xfffffc0000000000 agree| vmcoreinfo: NUMBER(VMEMMAP_START)| code: vmemmap_free() compares with it| conversions: N of N conversions add it or take it away| derived: struct page of what PAGE_OFFSET maps, by mem_section and kallsyms| formula: 5.15-6.1"
# The rows of the table that people paste into mail, in its order.
is "layout: the rows of the mail's table" \
	"$(sed -n 's/^  \([A-Zmhvs][A-Za-z_()]*\( (signed)\| page)\)\{0,1\}\) .*/\1/p' "$u/layout.out" |
		grep -xE 'PAGE_.*|high_memory|VMALLOC_.*|vmemmap|VMEMMAP_.*|PHYS_OFFSET|memstart_addr.*|MODULES_.*|P[MUG].*|sizeof.*' | xargs)" \
	"PAGE_OFFSET PAGE_END high_memory VMALLOC_START VMALLOC_END vmemmap VMEMMAP_START VMEMMAP_START VMEMMAP_END VMEMMAP_SIZE VMEMMAP_SHIFT PHYS_OFFSET memstart_addr (signed) MODULES_VADDR MODULES_END PAGE_SHIFT PAGE_SIZE PAGE_MASK PMD_SIZE PMD_MASK PUD_SIZE PUD_MASK PGDIR_SIZE sizeof(struct page)"
code layoutjson 0
is "layout: the same as JSON as in a report" \
	"$(jq -cS .layout "$u/layoutjson.out")" "$(jq -cS .layout "$u/clean.out")"
holds "layout: and as the schema says" "$top/tests/schema" layout <"$u/layoutjson.out"
code layout4 4
holds "layout: a disagreement is shown in full" grep -q 'PHYS_OFFSET .* disagree$' "$u/layout4.out"

code explain 0
is "explain: RAM" \
	"$(jq -r '.explained[0] | .kind, .system_ram, .verdict, .phys.start, .phys.last, (.iomem | map(.name) | join("+"))' "$u/explain.out" | xargs)" \
	"pfn yes in-bounds 0x40210000 0x40210fff System RAM+Kernel code"
is "explain: the top of physical memory" \
	"$(jq -r '.explained[1] | .kind, .system_ram, .verdict, .distance, .struct_pages.start, .kernel_warns, (.struct_page_regions | join("+")), (.iomem | length)' "$u/explain.out" | xargs)" \
	"phys no above 0x1fffec00000 0xfffffffffec00000 true hole 0"
is "explain: a struct page of RAM" \
	"$(jq -r '.explained[2] | .kind, .pfn.start, .offset, .verdict, .above_start, (.regions | join("+"))' "$u/explain.out" | xargs)" \
	"address 0x40000 0 in-bounds 0x0 vmemmap"
is "explain: an address of the image, and where it is in RAM" \
	"$(jq -r '.explained[3] | .is_struct_page, (.regions | join("+")), .system_ram, (.iomem | map(.name) | join("+"))' "$u/explain.out" | xargs)" \
	"false kernel image yes System RAM+Kernel code"
is "explain: a function, and user space" \
	"$(jq -r '.explained[] | .symbol // "none", .is_struct_page, .regions[0]' "$u/explainfn.out" | xargs)" \
	"memremap_pages+0x0 false kernel image none false user"
is "explain: of user space no word of vmemmap's bounds" "$(sed '/^BOUNDS/,$d' "$u/explaintext.out" | grep -c 'VMEMMAP\|verdict')" 0
is "explain: a function of a module" \
	"$(jq -r '.explained[0] | .symbol, .is_struct_page, .regions[0]' "$u/explainmodule.out" | xargs)" \
	"$(cut -d' ' -f2 "$u/module")+0x0 [test_hmm] false modules"
holds "explain: as the schema says" "$top/tests/schema" explain <"$u/explain.out"
code explainbad 2
one_line "explain: one line says what is expected" "$u/explainbad.err" '--explain: pfn:abc: expected ADDRESS, pfn:N or phys:ADDRESS'
is "explain: all or nothing" "$(cat "$u/explainbad.out")" ""
code explainnone 2
one_line "explain: one line asks for WHAT" "$u/explainnone.err" 'expected at least one WHAT'
code fromtrace 2
one_line "from: not with --trace" "$u/fromtrace.err" '--from: works only with --preflight, --decode, --explain and --layout'
code fromnowhere 2
one_line "from: one line names the file" "$u/fromnowhere.err" '/no/such/file: No such file or directory'
code fromlack 2
one_line "from: one line asks for what is missing" "$u/fromlack.err" 'PAGE_SHIFT is neither stated nor follows: add a line "PAGE_SHIFT: 12"'

code metrics 3
one_line "metrics: one line names the library, and what to do" "$u/metrics.err" \
	'^vmemmapwatch: serving metrics: libmicrohttpd\.so\.[0-9]+: cannot open shared object file: .*: install libmicrohttpd'
code time 0
is "time: COMMAND was ended" "$(jq -r '.command.state + " " + (.command.signal | tostring)' "$u/time.out")" "killed 15"
code timeonly 0
is "timeonly: no COMMAND" "$(jq -r .command "$u/timeonly.out")" null
code obeyed 0
is "obeyed: what COMMAND makes of our signal is no failure" \
	"$(jq -r '.tested, .command.state, .command.exit_status' "$u/obeyed.out" | xargs)" "true exited 3"
code stubborn 0
is "stubborn: killed" "$(jq -r '.command.state + " " + (.command.signal | tostring)' "$u/stubborn.out")" "killed 9"
code interrupt 0
holds "interrupt: the document is complete" jq -e '.code == 0' "$u/interrupt.out"

code hangup 0
is "hangup: COMMAND is ended, and the report written" \
	"$(jq -r '.command.state + " " + (.command.signal | tostring)' "$u/hangup.doc")" "killed 15"
code nohup 0
is "nohup: a lost terminal is nothing to it" "$(grep -c '^slept$' "$u/nohup.err")" 1
matches "fifo: no reader, no COMMAND, and a signal ends it" "$(cat "$u/fifo.code")" '^(124|130|143)$'
for format in --json --json=lines; do
	code "unread$format" 2
	matches "unread$format: a reader that does not read does not hold it" "$(cat "$u/unread$format.err")" \
		'/tmp/pipe: cannot be written: Interrupted system call; the report follows here'
done
code clock 1
is "clock: UTC is right for what was before it was set" \
	"$(jq -s --arg now "$(date +%s)" '.[-1] | [.. | objects | .utc? // empty | sub("\\.[0-9]*Z"; "Z") | fromdate] |
		length > 5 and all(. > ($now | tonumber) - 86400)' "$u/clock.out")" true
is "clock: a line of then has the time of then, and one says so" \
	"$(jq -r 'select(.type == "observation" or .type == "clock") | .type + " " + .time.utc[0:4]' "$u/clock.out" |
		uniq | grep -A 1 '1970' | paste -sd,)" "observation 1970,clock $(date +%Y)"
holds "clock: as the schema says" "$top/tests/schema" feed <"$u/clock.out"

code stuck 0
is "stuck: a COMMAND that cannot be killed is not waited for" \
	"$(jq -r .command.state "$u/stuck.out")" running

code terminate 0
is "terminate: COMMAND is ended with it" \
	"$(jq -r '.command.state + " " + (.command.signal | tostring)' "$u/terminate.out")" "killed 15"

code full 2
matches "full: said" "$(cat "$u/full.err")" '/tmp/small/doc: cannot be written: No space left'
is "full: the document is on stderr" "$(sed -n '/^{/,$p' "$u/full.err" | jq -r .code)" 0
code fullstdout 2
is "fullstdout: the document is on stderr" "$(sed -n '/^{/,$p' "$u/fullstdout.err" | jq -r .code)" 0
code fulloffender 1
is "fulloffender: the document is on stderr" "$(sed -n '/^{/,$p' "$u/fulloffender.err" | jq -r '[.offenders[] | select(.live)] | length')" 2

code hostile 1
holds "hostile: names of any bytes leave valid UTF-8" iconv -f UTF-8 -t UTF-8 "$u/hostile.out"
holds "hostile: and as the schema says" "$top/tests/schema" report <"$u/hostile.out"
is "hostile: and valid JSON, with the bytes told" \
	"$(jq -r '.host, .command.argv[2]' "$u/hostile.out" | xargs -d '\n')" 'h"\x01\xff x"\x01\xff'

is "nothing ran, nothing is left half-written" "$(cat "$u/left")" \
	"/tmp: code err kallsyms out small /tmp/small:"
holds "there are probes during a trace" grep -q memremap_pages "$u/probed.out"
is "no probe stays behind" "$(cat "$u/events")" ""
exit $((failures > 0))
