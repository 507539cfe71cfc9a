#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each command of README and of the manual pages is run as it is written, with test_hmm in
# place of the driver's name. What builds and installs is tested elsewhere.
# check: kernels=hmm-6.1 seconds=120
. "$(dirname "$0")/../testlib.sh"

holds "README shows commands only where tests look" "$top/tests/commands" "$top/README.md"
"$top/tests/commands" "$top"/README.md "$top"/daemon/manual/*.in |
	grep -vE '^(make|apt-get)( |$)' |
	sed -E 's/amdgpu/test_hmm/g; s/--for [0-9]+/--for 2/; s/ -b -1 / -b 0 /' |
	awk '!seen[$0]++' >"$work/commands"
holds "there are commands" test "$(wc -l <"$work/commands")" -ge 25

boot documented --init systemd --append nokaslr --timeout 900 \
	--add "$top/tests/guest/systemd.sh:/root/systemd.sh" --add "$work/commands:/root/commands" \
	--add "$top/tests/data/kmsg-6.1-above:/root/dmesg.txt" <<'END'
. /root/guest.sh
. /root/systemd.sh
cd /root

# What a command needs: the driver not loaded yet, loaded by somebody else, or loaded.
prepare() {
	case $1 in
	*"modprobe test_hmm"*) modprobe -r test_hmm ;;
	*"--driver test_hmm"*)
		modprobe -r test_hmm
		(
			while sleep 5 && [ ! -e /tmp/ended ]; do
				modprobe -r test_hmm
				modprobe test_hmm
			done
		) &
		;;
	*--report* | *--follow* | *"journalctl -x"*)
		modprobe test_hmm
		await 20 sh -c '[ -n "$(journalctl -t vmemmapwatch -o cat)" ]'
		;;
	esac
}

n=0
while read -r command <&3; do
	n=$((n + 1))
	rm -f /tmp/ended
	prepare "$command"
	limit=120
	case $command in
	*--follow*) limit=5 ;;
	esac
	timeout -s INT $limit sh -c "$command" </dev/null >/tmp/out 2>/tmp/err
	code=$?
	touch /tmp/ended
	wait
	part $n.out; cat /tmp/out
	part $n.err; cat /tmp/err
	part $n.code; echo $code
done 3</root/commands
part files
ls -s report.json report.html layout.json
END
[ -f "$work/documented/files" ] || tail -n 20 "$work/documented/stderr"

# wanted COMMAND: the exit status, and what its output must match, both as expressions.
# What is not listed has to succeed.
wanted() {
	case $1 in
	*"--layout --json"*) echo '0 ^' ;;
	*--output* | *--html*) echo '1 ^' ;;
	*--trace*" --for "*) echo '[01] .' ;;
	*--trace* | "vmemmapwatch trace"*) echo '1 test_hmm(.|\n)*above' ;;
	"vmemmapwatch --sites"*) echo '0 dmirror_allocate_chunk.* pfn_to_page' ;;
	*--report*) echo '1 test_hmm(.|\n)*above' ;;
	*--follow*) echo '124 OFFENDER test_hmm' ;;
	*"journalctl -x"*) echo '0 Driver test_hmm has struct pages outside of vmemmap' ;;
	*"journalctl -k"*) echo '1 test_hmm(.|\n)*above' ;;
	*--decode*) echo '1 test_hmm(.|\n)*above' ;;
	# This guest has no GPU; preflight.sh has one.
	*--all-gpus*) echo '6 no GPU' ;;
	*--preflight*) echo '1 pfn +0x' ;;
	*--explain*) echo '0 above' ;;
	*--layout*--map*) echo '0 VMEMMAP_END' ;;
	*--support*) echo '1 can hit' ;;
	*metrics.socket) echo '0 ^' ;;
	*/metrics) echo '0 vmemmapwatch_offenders_live' ;;
	"systemctl status"*) echo '0 Status: ".*probes' ;;
	"vmemmapwatch --probes") echo '0 memremap_pages' ;;
	*) echo '0 ^' ;;
	esac
}

n=0
while read -r command; do
	n=$((n + 1))
	read -r code output <<<"$(wanted "$command")"
	matches "$command: exit status" "$(cat "$work/documented/$n.code" "$work/documented/$n.err")" \
		"^$code("$'\n'"|$)"
	matches "$command: output" "$(cat "$work/documented/$n.out")" "$output"
done <"$work/commands"
matches "the files are there" "$(xargs <"$work/documented/files")" \
	'[1-9][0-9]* layout.json [1-9][0-9]* report.html [1-9][0-9]* report.json'
exit $((failures > 0))
