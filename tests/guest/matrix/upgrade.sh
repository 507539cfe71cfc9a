#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Another build is installed and the service restarted: it replaces what the old one
# has left attached, and finds what was there before. First one of the same version, of
# which only the maps differ; then another version.
# check: kernels=hmm-6.1 seconds=40
. "$(dirname "$0")/../testlib.sh"

programs=$("$top/tests/guest/programs/build") || exit 1
next=$top/build/next/vmemmapwatch
small=$top/build/small/vmemmapwatch
cd "$top" || exit 1
holds "the next version builds" build_from build/next daemon/base/build.o VERSION=9.9
holds "with a small map it builds" locked small build_from build/small "bpf/*.o" \
	BPFDEFINES=-DVMW_MAX_BINDINGS=20

boot upgrade --init systemd --append "nokaslr rcupdate.rcu_expedited=0" --enable vmemmapwatch.service \
	--add "$next:/root/next" --add "$small:/root/small" \
	--add "$programs/bpf_objects:/root/bpf_objects" \
	--add "$top/tests/guest/systemd.sh:/root/systemd.sh" <<'END'
. ./systemd.sh
. ./guest.sh
kprobes() {
	sed 's/.* k  /k /;s/.* r  /r /' /sys/kernel/debug/kprobes/list | sort
}
# Of bindings there is one map; it is freed a moment after the last one lets go.
one_map() {
	[ "$(/root/bpf_objects entries | grep -c '^bindings ')" = 1 ]
}
# upgrade BUILD: install it in place of what runs, and restart.
upgrade() {
	# The old client does not understand the new one, nor the other way round.
	part $1.client; /root/$1 --report 2>&1 >/dev/null; echo code $?
	part $1.attach; /root/$1 --attach 2>&1; echo code $?
	cp /root/$1 /usr/sbin/vmemmapwatch.new
	mv /usr/sbin/vmemmapwatch.new /usr/sbin/vmemmapwatch
	part $1.restart; systemctl restart vmemmapwatch; echo $?
	await 10 live 2
	await 10 one_map
	part $1.report; vmemmapwatch --report --json
	part $1.kprobes; kprobes
	part $1.maps; /root/bpf_objects entries | sed -n 's/^bindings .* of //p'
}
part old; kprobes
modprobe test_hmm
await 10 live 2
upgrade small
upgrade next
part said; journalctl -b -u vmemmapwatch --no-pager -o cat
part failed; systemctl --failed --no-legend --plain
systemctl stop vmemmapwatch
part stopped; kprobes
END
of() {
	jq -r "$2" "$work/upgrade/$1.report" 2>&1
}
is "the guest lives" "$(cat "$work/upgrade/status")" 0
holds "something was attached" test "$(wc -l <"$work/upgrade/old")" -gt 10
for new in small next; do
	is "$new: restart" "$(cat "$work/upgrade/$new.restart")" 0
	for who in client attach; do
		matches "$new: a $who of another build says so" "$(cat "$work/upgrade/$new.$who")" \
			"the service is vmemmapwatch 0.1-[0-9a-f]{16}, and this is [0-9.]+-[0-9a-f]{16}: systemctl restart vmemmapwatch"
	done
	is "$new: what was there before is found" \
		"$(of $new '[.offenders[] | .origin, .state] | join(" ")')" \
		"found at start live found at start live"
	is "$new: as much is attached as before, not twice" \
		"$(wc -l <"$work/upgrade/$new.kprobes")" "$(wc -l <"$work/upgrade/old")"
done
is "its maps are those of the small one" "$(cat "$work/upgrade/small.maps")" 20
is "it is the same version" "$(of small .version)" 0.1
is "and then the next one's" "$(cat "$work/upgrade/next.maps")" 2048
is "it is the next version" "$(of next .version)" 9.9
is "twice it starts anew, and says so" "$(grep -c \
	"starting afresh: the state of an earlier daemon is not used: another build of vmemmapwatch wrote it" \
	"$work/upgrade/said")" 2
is "the old probes go when the new ones are there" "$(grep -oE \
	"probes attached|the probes of an earlier daemon are gone, after ours were attached" \
	"$work/upgrade/said" | uniq | tail -n 4 | xargs)" \
	"probes attached the probes of an earlier daemon are gone, after ours were attached probes attached the probes of an earlier daemon are gone, after ours were attached"
is "no unit has failed" "$(cat "$work/upgrade/failed")" ""
is "a stopped service leaves nothing" "$(cat "$work/upgrade/stopped")" ""
exit $((failures > 0))
