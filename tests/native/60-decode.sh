#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --decode on what real kernels wrote, in every form that loggers and mail programs give
# it; on what is in no form that is known; and on bad input.
# check: seconds=20
. "$(dirname "$0")/../decode.sh"

for log in kmsg-6.1-above kmsg-6.1-kaslr kmsg-6.12-uncured; do
	case $log in
	kmsg-6.1-above)
		wanted="test_hmm above 0xfffffffffec00000 0xffffffffff000000 0xfffff0000000 4 0"
		wanted+=" test_hmm above 0xfffffffffe800000 0xfffffffffec00000 0xffffe0000000 4 0" ;;
	kmsg-6.1-kaslr)
		wanted="test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1" ;;
	*)
		wanted="test_hmm user 0x1ffbec00000 0x1ffbf000000 0xfffff0000000 2 1" ;;
	esac
	decode records <tests/data/$log
	decoded "$log, records" records 1 "$offenders" "$wanted"
	plain tests/data/$log >"$work/plain"
	for form in $forms; do
		with_front "$form" <"$work/plain" >"$work/log"
		decode "$form" <"$work/log"
		is "$log, $form: the same" "$(cat "$work/$form.code") $(of "$form" "$offenders")" \
			"1 $wanted"
		is "$log, $form: task, module and whole stack" \
			"$(of "$form" '.boots[].offenders[] | .task.comm, .task.pid, .module, .stack')" \
			"$(of records '.boots[].offenders[] | .task.comm, .task.pid, .module, .stack')"
	done
	is "$log: bounds, and their sources" "$(of records \
		'.boots[].layout | .bounds.effective.start, .bounds.effective.end, (.values.VMEMMAP_START, .values.VMEMMAP_END | .agreement, (.readings[0].where | test("^line [0-9]+, x[0-9]+ of the WARN in vmemmap_populate")))')" \
		"$([ $log = kmsg-6.12-uncured ] && echo 0xfffffdffc0000000 0xffffffffc0000000 ||
			echo 0xfffffc0000000000 0xfffffe0000000000) stated true stated true"
done

# What the dmesg of this machine makes of the same records; -F is of util-linux alone.
# What another CPU has to say comes in between, wherever that is in a dump.
for log in kmsg-6.1-kaslr kmsg-6.12-uncured; do
	plain tests/data/$log | with_front dmesg >"$work/plain"
	decode alone <"$work/plain"
	for every in 3 4 7; do
		sed "0~${every}a [    9.999999] random: crng init done" "$work/plain" >"$work/log"
		decode between <"$work/log"
		decoded "$log: a line of another CPU behind every $every" between 1 "$offenders" \
			"$(of alone "$offenders")"
	done
done

plain tests/data/kmsg-6.1-kaslr | with_front raw >"$work/plain"
while read -r options; do
	# shellcheck disable=SC2086 # options, one by one
	dmesg -F "$work/plain" $options >"$work/log" 2>"$work/err" || continue
	decode dmesg <"$work/log"
	is "dmesg $options: the same" "$(cat "$work/dmesg.code") $(of dmesg "$offenders")" \
		"1 test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"
done <<-'EOF'
	-d
	-e
	-H
	-T
	-d -T
	-t
	-x -e
	-r
	--time-format=iso
	--time-format=delta
	-x --time-format=iso
	--color=always
	-H --color=always
	-x -T --color=always
	-d --time-format=iso --color=always
EOF
"$program" --decode tests/data/kmsg-6.1-kaslr >"$work/text"
for text in 'verdict       user, 0x271ccc00000 bytes' 'WHY user, and what to do' \
	'oops          line 78, in __init_single_page+0x4/0x34'; do
	holds "the text has: $text" grep -qF "$text" "$work/text"
done

# Mail as it was sent: what is quoted-printable by its header, until the end of that part.
plain tests/data/kmsg-6.1-kaslr | with_front dmesg >"$work/plain"
quoted_printable() {
	sed -e 's/=/=3D/g' -e 's/ $/=20/' | sed -E 's/(.{60})(.)/\1=\n\2/g'
}
as_mail() {
	printf 'From: a@b\nDKIM-Signature: a=rsa; b=abc=\nContent-Type: multipart/mixed;\n'
	printf '\tboundary="--=_x"\n\n----=_x\ncontent-transfer-encoding: %s\n' "$1"
	printf 'Content-Type: text/plain\n\n'
	cat
	printf '%s\n----=_x--\n' "${2-}"
}
quoted_printable <"$work/plain" | as_mail quoted-printable >"$work/log"
holds "quoted-printable: it has soft ends of lines" grep -q '=$' "$work/log"
decode mail <"$work/log"
decoded "quoted-printable" mail 1 "$offenders" \
	"test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"
is "quoted-printable: the oops" "$(of mail '.boots[].offenders[].fault | .address, .symbol')" \
	"0x71ccc00034 __init_single_page+0x4/0x34"
as_mail Quoted-Printable "[    2.000000] PHYS_OFFSET: =" <"$work/plain" >"$work/log"
decode mail <"$work/log"
is "the end of a part ends a line that goes on" "$(of mail "$offenders")" \
	"test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"
{ echo "Kernel command line: nokaslr=3D ="; cat "$work/plain"; } >"$work/log"
decode mail <"$work/log"
is "a log with = is no mail" "$(of mail "$offenders")" \
	"test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"

# Forms that are not lines of text, and a front that nobody has told us of.
same="test_hmm user 0x71ccc00000 0x71cd000000 0xfffff0000000 2 1"
sed -E 's/^\[[^]]*\] //' "$work/plain" | jq -Rc '{a: "s=1;", MESSAGE: ., z: "kernel"}' >"$work/log"
decode net <"$work/log"
decoded "JSON of a journal" net 1 "$offenders" "$same"
jq -sc . "$work/log" >"$work/log2"
decode net <"$work/log2"
decoded "all of it on one line" net 1 "$offenders" "$same"
for encoding in UTF-16 UTF-16LE UTF-16BE; do
	iconv -t $encoding <"$work/plain" >"$work/log"
	decode net <"$work/log"
	decoded "$encoding" net 1 "$offenders" "$same"
done
for packer in gzip xz zstd; do
	$packer -c "$work/plain" >"$work/log"
	decode net <"$work/log"
	decoded "packed by $packer" net 1 "$offenders" "$same"
done
sed 's/^/target: /' "$work/plain" >"$work/log"
decode net <"$work/log"
decoded "an unknown front" net 1 "$offenders" "$same"
{ cat "$work/log"; cat "$work/plain"; } >"$work/log2"
decode net <"$work/log2"
decoded "the same before what is known" net 1 ".unparsed, ($offenders)" "null $same $same"

# What is in a form that is not known is no all-clear.
unparsed='.code, (.boots | length), .unparsed.line, (.unparsed.why | split(":")[0])'
dump="has a WARN or an oops on struct pages, in a form that is not known"
sed 's/^/app[12]: /; s/\[ *[0-9.]*\] //' "$work/plain" >"$work/log"
decode net <"$work/log"
decoded "what user space says" net 5 "$unparsed" "5 0 5 $dump"
holds "the text has the line, and no all-clear" sh -c "$program --decode '$work/log' |
	sed -n 1,4p | xargs | grep -q 'no all-clear: .* Line 5 has a WARN .* Next: save the log with dmesg'"
base64 "$work/plain" | as_mail base64 >"$work/log"
decode net <"$work/log"
decoded "base64" net 5 "$unparsed" \
	"5 0 7 declares a part of the mail that is in base64, which is not read"
sed 's,text/plain,image/png,' "$work/log" >"$work/log2"
decode net <"$work/log2"
decoded "a picture in base64, and no log" net 5 "$unparsed" \
	"5 0 1 is not of a kernel log, nor is any other line"
bzip2 -c "$work/plain" >"$work/log" 2>/dev/null || printf 'BZh91AY&SY' >"$work/log"
decode net <"$work/log"
decoded "packed in a way that is not known" net 5 "$unparsed" \
	"5 0 1 is not of a kernel log, nor is any other line"
sed -n '/pc : __init_single/,$p' "$work/plain" >"$work/log"
decode net <"$work/log"
decoded "an oops without its first line" net 5 '.code, .unparsed.line' "5 1"
{ echo "[    1.000000] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [modprobe:812]"; cat "$work/log"; } >"$work/log2"
decode net <"$work/log2"
decoded "a lockup is no oops" net 0 .unparsed null
{
	echo "box app[1]: Hotplug memory [0xfffff0000000-0x1000000000000] exceeds maximum addressable range [0x40000000-0x80003fffffff]"
} >"$work/log"
decode net <"$work/log"
decoded "a refusal" net 5 '.code, .unparsed.line' "5 1"
{
	echo "[    1.0] WARNING: odd, and no dump"
	echo 'pr_warn("Hotplug memory [%#llx-%#llx] exceeds maximum addressable range [%#llx-%#llx]\n",'
	echo "2023-04-10 03:39:59 WARNING: CPU: 0 PID: 1 at kernel/sched/core.c:1 finish_task+0x1/0x2"
	printf 'Call trace:\n finish_task+0x1/0x2\n vmemmap_populate+0x40/0x1c4\n __init_single_page+0x4/0x34\n'
	echo "---[ end trace 0000000000000000 ]---"
} >"$work/log"
decode net <"$work/log"
decoded "sources, and stacks of other matters" net 0 '.unparsed, .boots[].unrelated[].symbol' "null finish_task+0x1/0x2"
echo "app:  memmap_init_zone_device+0xf8/0x1b8" >>"$work/log"
decode net <"$work/log"
decoded "one of our functions in another line" net 5 '.unparsed.line' 9

# Bad input.
decode healthy <tests/data/iomem-6.1
decoded "no log at all" healthy 5 '.boots | length' 0
decode empty </dev/null
decoded "nothing" empty 5 '.lines' 0
head -c 3000000 /dev/urandom >"$work/log"
decode trash <"$work/log"
decoded "trash" trash 5 '.bytes' 3000000
head -c 3000000 /dev/zero | tr '\0' a >"$work/long"
{ cat "$work/long"; echo; cat tests/data/kmsg-6.1-kaslr; } >"$work/log"
decode long <"$work/log"
decoded "behind a line of 3 MB" long 1 '.boots[].offenders[].verdict' user
refuses() {
	local what=$1 regex=$2
	shift 2
	"$program" --decode "$@" >"$work/stdout" 2>"$work/err" </dev/null
	is "$what: exit 2" "$? $(wc -c <"$work/stdout")" "2 0"
	one_line "$what: one line" "$work/err" "$regex"
}
refuses "no such file" '^vmemmapwatch: /nonexistent: No such file' /nonexistent
refuses "a folder" ': cannot be read: Is a directory' "$work"
refuses "two logs" '--decode takes one FILE only' a b
refuses "two logs, otherwise" '--decode takes one FILE only' --decode=a b
refuses "a FILE of --from that is none" 'expected JSON of --layout' --from="$work/trash.txt" \
	<<<"$(: >"$work/trash.txt")"
refuses "an option of others" '^vmemmapwatch: --for: works only with --trace' --for=1 -
exit $((failures > 0))
