#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the service keeps in files, where there is no room, no right, or rubbish
# in the place: it goes on, says so once, and knows all that it knew.
# check: kernels=hmm-6.1 seconds=80 waits
. "$(dirname "$0")/../testlib.sh"
service=(--append nokaslr --timeout 900 --add "$top/tests/guest/service.sh:/root/service.sh")

# said NAME PART LINES REGEX...: that many lines, each REGEX fits one of them.
said() {
	local name=$1 file=$work/$1/$2 lines=$3 what="$1: $2"
	shift 3
	is "$what: lines" "$(wc -l <"$file")" "$lines"
	[ "$(wc -l <"$file")" = "$lines" ] || cat "$file" >&2
	for regex in "$@"; do
		holds "$what: $regex" grep -qE -- "$regex" "$file"
	done
}

# knows NAME PART CODE FILTER WANTED: a report that is valid, and says that.
knows() {
	is "$1: $2: exit $3" "$(cat "$work/$1/$2.code")" "$3"
	holds "$1: $2: valid" "$top/tests/schema" report <"$work/$1/$2"
	is "$1: $2: $4" "$(jq -r "$4" "$work/$1/$2" 2>&1)" "$5"
}

# Sizes to cut a good state to, and bytes of it to change; CUTS and FLIPS are others.
cuts=${CUTS:-0 7 \$((size/2))} flips=${FLIPS:-0 8 \$((size/2))}
printf 'cuts="%s"\nflips="%s"\n' "$cuts" "$flips" >"$work/settings"
boot daemon "${service[@]}" --add "$work/settings:/root/settings" <<'SCRIPT'
. ./guest.sh
. ./service.sh
mkdir -p /mnt/x
feed=/mnt/x/feed.sock
mount -t tmpfs -o size=1m none /mnt/x
start
dd if=/dev/zero of=/mnt/x/filler bs=4k 2>/dev/null
insmod $test_hmm
await 5 grep 'cannot be written' $log
rmmod test_hmm
insmod $test_hmm
sleep 2.5
told full
report full.report
rm /mnt/x/filler
await 20 grep 'written again' $log
told room
stop
told room.end
start
told back
report back.report
stop
part full.files; ls -A /mnt/x

# From the start, without any room at all.
rm /mnt/x/state
dd if=/dev/zero of=/mnt/x/filler bs=4k 2>/dev/null
start
await 5 grep 'cannot be written' $log
sleep 1.5
told full2
report full2.report
rm /mnt/x/filler
stop
: >$log

# Read-only from a moment on, and from the start.
start
mount -o remount,ro /mnt/x
rmmod test_hmm
await 5 grep 'cannot be written' $log
sleep 1.5
told readonly
report readonly.report
mount -o remount,rw /mnt/x
await 20 grep 'written again' $log
told readwrite
stop
mount -o remount,ro /mnt/x
vmemmapwatch --daemon --feed $feed 2>$log; echo $? >/tmp/code
told readonly2
part readonly2.code; cat /tmp/code
umount /mnt/x

# What may be found in the place of a good one.
mount -t tmpfs none /mnt/x
start --probes=-default
insmod $test_hmm
sleep 1.5
stop
cp /mnt/x/state /tmp/good
size=$(wc -c </tmp/good)
. ./settings
flip() {
	cp /tmp/good /mnt/x/state
	printf "$2" | dd of=/mnt/x/state bs=1 seek=$1 conv=notrunc 2>/dev/null
}
# odd NAME: start with what is there.
odd() {
	: >$log
	start --probes=-default
	# It is written over within a second, or, in this case, cannot be.
	[ "$1" != directory ] || await 5 grep 'cannot be written' $log
	told "$1"
	report "$1.report"
	stop
	part "$1.kind"; stat -c %F /mnt/x/state
	rm -rf /mnt/x/state
}
for n in $cuts; do
	head -c $n /tmp/good >/mnt/x/state
	odd cut$n
done
for at in $flips; do
	byte=$(dd if=/tmp/good bs=1 skip=$at count=1 2>/dev/null | od -An -tu1)
	flip $at "\\$(printf %o $((byte ^ 4)))"
	odd flip$at
done
{ cat /tmp/good; echo more; } >/mnt/x/state; odd longer
head -c $size /dev/urandom >/mnt/x/state; odd random
# Of another boot: the same but for the boot's id, so that nothing else is wrong.
cp /tmp/good /mnt/x/state
cp /proc/sys/kernel/random/uuid /tmp/uuid
mount --bind /tmp/uuid /proc/sys/kernel/random/boot_id
odd boot
umount /proc/sys/kernel/random/boot_id
ln -s /tmp/good /mnt/x/state; odd link
mkfifo /mnt/x/state; odd fifo
mkdir /mnt/x/state; odd directory
# And the good one, at last.
cp /tmp/good /mnt/x/state
odd good
SCRIPT
is "daemon: the guest lives" "$(cat "$work/daemon/status")" 0
said daemon full 1 '^vmemmapwatch: /mnt/x/state: cannot be written: No space left on device: '
knows daemon full.report 1 '[.offenders[].seen_by.memremap_pages] | tostring' "[2,2]"
said daemon room 1 '^vmemmapwatch: /mnt/x/state: written again$'
said daemon room.end 0
said daemon back 0
knows daemon back.report 1 '[.offenders[].seen_by.memremap_pages] | tostring' "[2,2]"
is "back: all counts are those of before" \
	"$(jq -S '[.offenders[] | [.phys, .seen_by, .warns]]' "$work/daemon/back.report")" \
	"$(jq -S '[.offenders[] | [.phys, .seen_by, .warns]]' "$work/daemon/full.report")"
is "full: no file is left but the state" "$(xargs <"$work/daemon/full.files")" state
said daemon full2 1 '^vmemmapwatch: /mnt/x/state: cannot be written: No space left on device: '
knows daemon full2.report 1 '[.offenders[] | .origin] | unique | join(" ")' "found at start"
said daemon readonly 1 '^vmemmapwatch: /mnt/x/state: cannot be written: Read-only file system: '
knows daemon readonly.report 0 '[.offenders[] | .live] | unique | tostring' "[false]"
said daemon readwrite 1 '^vmemmapwatch: /mnt/x/state: written again$'
said daemon readonly2 1 '^vmemmapwatch: --feed: /mnt/x/report.sock: cannot listen: Read-only file system$'
is "readonly2: exit 2" "$(cat "$work/daemon/readonly2.code")" 2

odd=0
for file in "$work"/daemon/{cut*,flip*,longer,random,boot,link,fifo,directory}; do
	part=${file##*/}
	[[ $part != *.* ]] || continue
	odd=$((odd + 1))
	case $part in
	cut0) why="it is empty" ;;
	cut*) why="it (ends too early|is cut short, or longer than it was)" ;;
	flip0) why="vmemmapwatch did not write it, or not to its end" ;;
	flip8 | flip16) why="another build of vmemmapwatch wrote it" ;;
	flip*) why="it is damaged: its checksum is another one" ;;
	longer) why="it is cut short, or longer than it was" ;;
	random) why="vmemmapwatch did not write it, or not to its end" ;;
	boot) why="it is of another boot" ;;
	*) why="not a regular file" ;;
	esac
	is "daemon: $part: it is a file then, or the directory that cannot be replaced" \
		"$(cat "$work/daemon/$part.kind")" \
		"$([ $part = directory ] && echo directory || echo regular file)"
	if [ "$part" = directory ]; then
		said daemon $part 2 "^vmemmapwatch: /mnt/x/state: not used: $why\$" \
			'^vmemmapwatch: /mnt/x/state: cannot be written: Is a directory: '
	else
		said daemon "$part" 1 "^vmemmapwatch: /mnt/x/state: not used: $why\$"
	fi
	# What it would have known is found again, and nothing is taken from the file.
	knows daemon "$part.report" 1 '[.offenders[] | .driver + " " + .origin] | unique | join("|")' \
		"test_hmm found at start"
done
is "as many kinds of rubbish as there are" $odd $(($(wc -w <<<"$cuts $flips") + 6))
said daemon good 0
knows daemon good.report 1 '[.offenders[].seen_by.memremap_pages] | tostring' "[1,1]"

# What --keep writes for people and for node_exporter, likewise.
boot keep "${service[@]}" <<'SCRIPT'
. ./guest.sh
. ./service.sh
mkdir -p /mnt/k
mount -t tmpfs -o size=512k none /mnt/k
start
vmemmapwatch --keep --feed $feed --state-directory /mnt/k --textfile /mnt/k/v.prom 2>/tmp/keep &
keeper=$!
insmod $test_hmm
await 20 grep -q 'offenders_live.* 2$' /mnt/k/v.prom
await 20 sh -c '[ $(grep -o "\"state\": *\"live\"" /mnt/k/boot-*.json | wc -l) = 2 ]'
part begun; cat /tmp/keep; : >/tmp/keep
cp /mnt/k/boot-*.json /tmp/before
dd if=/dev/zero of=/mnt/k/filler bs=4k 2>/dev/null
rmmod test_hmm
await 20 sh -c '[ $(grep -c "cannot be written" /tmp/keep) = 2 ]'
part full; cat /tmp/keep; : >/tmp/keep
part full.files; ls -A /mnt/k
part full.same; cmp /tmp/before /mnt/k/boot-*.json && echo same
rm /mnt/k/filler
await 40 sh -c '[ $(grep -c "written again" /tmp/keep) = 2 ]'
part room; cat /tmp/keep; : >/tmp/keep
part room.report; cat /mnt/k/boot-*.json
mount -o remount,ro /mnt/k
insmod $test_hmm
await 20 sh -c '[ $(grep -c "cannot be written" /tmp/keep) = 2 ]'
part readonly; cat /tmp/keep; : >/tmp/keep
mount -o remount,rw /mnt/k
await 40 sh -c '[ $(grep -c "written again" /tmp/keep) = 2 ]'
part readwrite; cat /tmp/keep; : >/tmp/keep
part readwrite.report; cat /mnt/k/boot-*.json
kill -TERM $keeper
wait $keeper; echo $? >/tmp/code
part end; cat /tmp/code
stop
SCRIPT
is "keep: the guest lives" "$(cat "$work/keep/status")" 0
said keep begun 1 '^vmemmapwatch: saving what .*/feed.sock sends: reports in /mnt/k, metrics in /mnt/k/v.prom; '
said keep full 2 '^vmemmapwatch: /mnt/k/boot-[0-9a-f-]+\.json: cannot be written: No space left on device: ' \
	'^vmemmapwatch: /mnt/k/v.prom: cannot be written: No space left on device: '
matches "keep: full: no file is left but the two, and what fills it" \
	"$(sort "$work/keep/full.files" | xargs)" '^boot-[0-9a-f-]+.json filler v.prom$'
is "keep: full: the report is what it was" "$(cat "$work/keep/full.same")" same
said keep room 2 'boot-.*: written again$' 'v.prom: written again$'
is "keep: room: as it is now" "$(jq -c '[.offenders[].state]' "$work/keep/room.report")" '["gone","gone"]'
said keep readonly 2 'boot-.*: cannot be written: Read-only file system: ' \
	'v.prom: cannot be written: Read-only file system: '
said keep readwrite 2 'boot-.*: written again$' 'v.prom: written again$'
holds "keep: readwrite: valid" "$top/tests/schema" report <"$work/keep/readwrite.report"
is "keep: readwrite: as it is now" \
	"$(jq -c '[.offenders[].state]' "$work/keep/readwrite.report")" '["live","live"]'
is "keep: it ends well" "$(cat "$work/keep/end")" 0
exit $((failures > 0))
