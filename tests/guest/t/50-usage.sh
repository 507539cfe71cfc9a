#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A quiet run, and everything that is no run at all: exit codes, one clear
# line for each, and no half-written file.
. "$(dirname "$0")/../testlib.sh"

boot usage --append nokaslr <<'END'
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
try echo $vw --trace --json -- echo hello
try text $vw --trace -- echo hello
try status $vw --trace --json -- sh -c 'exit 7'
try option $vw --trace --foo
try value $vw --trace --for
try number $vw --trace --for never
try mode $vw -- true
try command $vw --trace --json --output /tmp/nothing -- /no/such/command
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
umount /proc/kallsyms
try layout $vw --layout
try layoutjson $vw --layout --json
try layoutroot su nobody -c 'vmemmapwatch --layout'
try time $vw --trace --json --for 1 -- sleep 60
try timeonly $vw --trace --json --for 0.5
try stubborn $vw --trace --json --for 0.5 -- sh -c 'trap "" TERM; while :; do sleep 1; done'
rm -f /tmp/err
sh -c 'until grep -qs "probes attached" /tmp/err; do sleep 0.1; done
	killall -INT vmemmapwatch' &
try interrupt $vw --trace --json
rm -f /tmp/err
sh -c 'until grep -qs "probes attached" /tmp/err; do sleep 0.1; done
	killall -TERM vmemmapwatch' &
try terminate $vw --trace --json -- sleep 60
try probed $vw --trace -- cat /sys/kernel/debug/kprobes/list
try stuck $vw --trace --json --for 0.5 -- insmod vmw_refused.ko stuck=30
mkdir /tmp/small
mount -t tmpfs -o size=8k none /tmp/small
try full $vw --trace --json --output /tmp/small/doc -- true
try fullstdout sh -c 'vmemmapwatch --trace --json -- true >/dev/full'
try fulloffender sh -c "vmemmapwatch --trace --json -- insmod $test_hmm >/dev/full"
# A task and a host of hostile names: the document is still JSON.
printf '#!/bin/sh\nprintf "a\\"\\001\\377" >/proc/self/comm\ninsmod /root/vmw_direct.ko\n' >/tmp/s
hostname "$(printf 'h"\001\377')"
try hostile $vw --trace --json -- sh /tmp/s "$(printf 'x"\001\377')"
hostname guest
rm /tmp/s
part left; ls /tmp/small /tmp | xargs
part events; cat /sys/kernel/debug/kprobes/list
END
u=$work/usage
is "the guest lives" "$(cat "$u/status")" 0

# code NAME WANTED
code() {
	is "$1: exit $2" "$(cat "$u/$1.code")" "$2"
}

code clean 0
holds "clean: stdout is the document" jq -e . "$u/clean.out"
is "clean: every probe that this kernel allows" \
	"$(jq -r '.probes[] | select(.status == "unavailable") | .symbol + ": " + .reason' "$u/clean.out")" \
	"vmemmap_populate: notrace in this kernel, so it refuses kprobes (EINVAL)"
is "clean: the rest is attached" \
	"$(jq -r '[.probes[].status] | group_by(.) | map(.[0] + " " + (length | tostring)) | join(", ")' "$u/clean.out")" \
	"kprobe 15, tracepoint 2, unavailable 1"
is "clean: nothing lost" \
	"$(jq -r '[.losses[].count | numbers] | add' "$u/clean.out")" 0
is "clean: what 6.1 does not tell is unknown" \
	"$(jq -r '.losses[] | select(.place | contains("skipped")) | .count' "$u/clean.out")" unknown
is "clean: stderr says what is attached" "$(grep -c 'of 18 probes attached' "$u/clean.err")" 1

code echo 0
holds "echo: stdout is the document and nothing else" jq -e '.command.argv == ["echo", "hello"]' "$u/echo.out"
is "echo: COMMAND's output is on stderr" "$(grep -cx hello "$u/echo.err")" 1
is "text: COMMAND's output stays on stdout" "$(grep -cx hello "$u/text.out")" 1
code status 0
is "status: COMMAND's is in the document" "$(jq .command.exit_status "$u/status.out")" 7

code option 2
one_line "option: one line names it" "$u/option.err" '^vmemmapwatch: --foo: unknown option'
code value 2
one_line "value: one line says what is expected" "$u/value.err" '--for: expected --for=SECONDS'
code number 2
one_line "number: one line says what is expected" "$u/number.err" '--for=never: expected a number of seconds'
code mode 2
one_line "mode: one line" "$u/mode.err" 'expected a mode: --trace or --layout'
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
is "disagree: a line for each source" "$(grep -c 'sources disagree about PHYS_OFFSET: 0x.* by ' "$u/disagree.err")" 2

code layout 0
is "layout: START with both its sources" \
	"$(sed -n '2,3s/  */ /gp' "$u/layout.out" | paste -sd'|')" \
	" VMEMMAP_START 0xfffffc0000000000 agree vmcoreinfo NUMBER(VMEMMAP_START)| 0xfffffc0000000000 code of vmemmap_free()"
code layoutjson 0
is "layout: the same as JSON as in a report" \
	"$(jq -cS .layout "$u/layoutjson.out")" "$(jq -cS .layout "$u/clean.out")"
code layout4 4
holds "layout: a disagreement is shown in full" grep -q 'PHYS_OFFSET .* disagree ' "$u/layout4.out"
code layoutroot 3
one_line "layout: without root one line says why" "$u/layoutroot.err" '/proc/kcore: Permission denied'

code time 0
is "time: COMMAND was ended" "$(jq -r '.command.state + " " + (.command.signal | tostring)' "$u/time.out")" "killed 15"
code timeonly 0
is "timeonly: no COMMAND" "$(jq -r .command "$u/timeonly.out")" null
code stubborn 0
is "stubborn: killed" "$(jq -r '.command.state + " " + (.command.signal | tostring)' "$u/stubborn.out")" "killed 9"
code interrupt 0
holds "interrupt: the document is complete" jq -e '.code == 0' "$u/interrupt.out"

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
is "fulloffender: the document is on stderr" "$(sed -n '/^{/,$p' "$u/fulloffender.err" | jq -r '.offenders | length')" 2

code hostile 1
holds "hostile: names of any bytes leave valid UTF-8" iconv -f UTF-8 -t UTF-8 "$u/hostile.out"
is "hostile: and valid JSON, with the bytes told" \
	"$(jq -r '.host, .command.argv[2]' "$u/hostile.out" | xargs -d '\n')" 'h"\x01\xff x"\x01\xff'

is "nothing ran, nothing is left half-written" "$(cat "$u/left")" \
	"/tmp: code err kallsyms out small /tmp/small:"
holds "there are probes during a trace" grep -q memremap_pages "$u/probed.out"
is "no probe stays behind" "$(cat "$u/events")" ""

boot lockdown --append "nokaslr lockdown=confidentiality" <<'END'
vmemmapwatch --trace -- touch /tmp/ran 2>/tmp/err
echo $? >/tmp/code
echo "@@@ code"; cat /tmp/code
echo "@@@ err"; cat /tmp/err
echo "@@@ left"; ls /tmp/ran 2>/dev/null
END
is "lockdown: exit 3" "$(cat "$work/lockdown/code")" 3
one_line "lockdown: one line says what would help" "$work/lockdown/err" 'lockdown=confidentiality closes .*lockdown=integrity'
is "lockdown: nothing ran" "$(cat "$work/lockdown/left")" ""
exit $((failures > 0))
