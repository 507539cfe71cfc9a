#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The service as its Debian package installs it, under a real systemd: from the boot to a
# driver that comes and goes, through reload, restart, crash, hang and stop.
# check: kernels=hmm-6.1 seconds=150
. "$(dirname "$0")/../testlib.sh"
deb=$(build ARCH=arm64 deb) || die "no package: make ARCH=arm64 deb"
service=(--init systemd --append nokaslr --timeout 900 --package "$deb"
	--add "$top/tests/guest/systemd.sh:/root/systemd.sh")

# of PART FILTER: of that part of the boot, by jq.
of() {
	jq -r "$2" "$work/$boot/$1" 2>&1
}

text() {
	cat "$work/$boot/$1"
}

boot=life
boot life "${service[@]}" --enable vmemmapwatch.service <<'END'
. ./guest.sh
. ./systemd.sh
part failed; systemctl --failed --no-legend --plain
part running; systemctl is-system-running
part order; for u in vmemmapwatch systemd-modules-load systemd-udevd systemd-udev-trigger; do
	echo $u $(systemctl show -P ActiveEnterTimestampMonotonic $u) \
		$(systemctl show -P InactiveExitTimestampMonotonic $u)
done
part line; status
part identity; ps -o user= -p $(pid); grep -E 'Cap(Prm|Eff|Inh|Amb)' /proc/$(pid)/status; \
	ls -l /run/vmemmapwatch; ls -ld /run/vmemmapwatch
part others; setpriv --reuid 65534 --regid 65534 --clear-groups vmemmapwatch --report 2>&1; echo code $?
part group; setpriv --reuid 65534 --regid vmemmapwatch --clear-groups vmemmapwatch --report >/dev/null 2>&1; echo code $?
part exposure; systemd-analyze security vmemmapwatch.service --no-pager | tail -n 1
systemctl start vmemmapwatch-metrics.socket
vmemmapwatch --follow --json >/tmp/follow 2>/tmp/follow.err & follower=$!
vmemmapwatch --follow >/tmp/follow.txt 2>&1 &

# A trace beside it: its kretprobe of the same function is in the link register.
vmemmapwatch --trace --json --output /tmp/trace -- modprobe test_hmm
part trace; cat /tmp/trace
await 10 live 2
await 5 sh -c '. ./systemd.sh; status | grep -q " 2 offenders (2 live)"'
part kmsg; dmesg | grep 'vmemmapwatch: '
part status.live; status
part report; vmemmapwatch --report --json; echo $? >/tmp/code
part report.code; cat /tmp/code
part report.redacted; vmemmapwatch --report --json --redact
part text; vmemmapwatch --report
await 10 grep -q '"live":true\|"live": true' /var/lib/vmemmapwatch/boot-*.json
part kept; cat /var/lib/vmemmapwatch/boot-*.json
part metrics; curl -sS http://127.0.0.1:9977/metrics
part metrics.report; curl -sS http://127.0.0.1:9977/report
part metrics.rebound; curl -sS -o /dev/null -w '%{http_code}\n' -H "Host: evil.example:9977" http://127.0.0.1:9977/report
part keeper; setpriv --reuid vmemmapwatch --regid vmemmapwatch --clear-groups vmemmapwatch --attach 2>&1; echo code $?
part healthz; curl -sS -w ' %{http_code}\n' http://127.0.0.1:9977/healthz
await 10 grep -q 'offenders_live.* 2' /var/lib/prometheus/node-exporter/vmemmapwatch.prom
part textfile; cat /var/lib/prometheus/node-exporter/vmemmapwatch.prom
# The clock is set, as by NTP on a board without an RTC.
now=$(date +%s)
date -s @$((now + 400000000)) >/dev/null
await 10 grep -q '"type":"clock"' /tmp/follow
part clock.report; vmemmapwatch --report --json
await 20 grep -q "$(date +%Y)-" /var/lib/vmemmapwatch/boot-*.json
part clock.kept; cat /var/lib/vmemmapwatch/boot-*.json
date -s @$(($(date +%s) - 400000000)) >/dev/null
await 10 sh -c '[ $(grep -c "\"type\":\"clock\"" /tmp/follow) = 2 ]'
part journal; journalctl -b -o json --no-pager MESSAGE_ID=0841c69740ed4a7f8f5821cc0058755f
part catalog; journalctl -b -x --no-pager MESSAGE_ID=0841c69740ed4a7f8f5821cc0058755f 

# Another configuration: probes come and go, a second socket, and nothing is missed.
mkdir -p /etc/vmemmapwatch.conf.d
cat >/etc/vmemmapwatch.conf.d/10-test.conf <<-CONF
	probes = default,zone_device_page_init,-online_pages
	sample-rate = 5
	feed = /run/vmemmapwatch/feed.sock
	feed = /run/vmemmapwatch/public.sock,redact
CONF
before=$(pid)
rmmod test_hmm
(sleep 0.2; modprobe test_hmm) &
# Who attaches, and by which scheduling policy.
part policy; while ! [ -e /tmp/reloaded ]; do
	attacher=$(pgrep -f 'vmemmapwatch --attach') && cut -d' ' -f41 /proc/$attacher/stat 2>/dev/null
	sleep 0.1
done &
systemctl reload vmemmapwatch; echo $? >/tmp/code
touch /tmp/reloaded
wait %3 %4 2>/dev/null
part reload; cat /tmp/code; echo $before $(pid)
await 10 live 2
part reload.status; status
part reload.report; vmemmapwatch --report --json
part public; timeout 2 nc -U /run/vmemmapwatch/public.sock </dev/null
echo 'nosuch = 1' >/etc/vmemmapwatch.conf.d/20-bad.conf
part check; vmemmapwatch --check-config 2>&1; echo code $?
part bad; systemctl reload vmemmapwatch 2>/dev/null; echo $?; status; systemctl is-active vmemmapwatch
rm /etc/vmemmapwatch.conf.d/20-bad.conf
systemctl reload vmemmapwatch
part bad.after; status
# What is no error of the file: it shows when it is tried.
sed -i 's,^feed = .*feed.sock,feed = /run/elsewhere/feed.sock,' /etc/vmemmapwatch.conf.d/10-test.conf
part elsewhere; systemctl reload vmemmapwatch; status
part elsewhere.feed; timeout 2 nc -U /run/vmemmapwatch/feed.sock </dev/null | head -n 1
part elsewhere.again; systemctl reload vmemmapwatch; status
sed -i 's,^feed = /run/elsewhere/feed.sock,feed = /run/vmemmapwatch/feed.sock,' /etc/vmemmapwatch.conf.d/10-test.conf
echo 'probe = no_such_function:pfn:1' >/etc/vmemmapwatch.conf.d/20-bad.conf
part noprobe; systemctl reload vmemmapwatch 2>/dev/null; echo $?; status; systemctl is-active vmemmapwatch
rm /etc/vmemmapwatch.conf.d/20-bad.conf
part mended; systemctl reload vmemmapwatch; echo $?; status
part mended.feed; timeout 2 nc -U /run/vmemmapwatch/feed.sock </dev/null | head -n 1

# Restart, and what happens while no daemon is there.
part restart; systemctl restart vmemmapwatch; echo $? $(systemctl show -P NFileDescriptorStore vmemmapwatch)
await 10 live 2
part restart.report; vmemmapwatch --report --json
kill -STOP $(pid)
part hung; timeout 20 vmemmapwatch --report 2>&1 | head -n 3
kill -KILL $(pid)
rmmod test_hmm; modprobe test_hmm; rmmod test_hmm
await 20 live 0
part killed.report; vmemmapwatch --report --json; echo $? >/tmp/code
part killed.code; cat /tmp/code
modprobe test_hmm
await 10 live 2
before=$(pid)
kill -STOP $before
part watchdog; await 60 sh -c "! kill -0 $before 2>/dev/null"; await 20 live 2; echo $before $(pid); \
	journalctl -b -u vmemmapwatch --no-pager | grep -c -i watchdog
part watchdog.report; vmemmapwatch --report --json

part stop; systemctl stop vmemmapwatch; echo $? $(systemctl show -P Result,ExecMainStatus vmemmapwatch | xargs) \
	$(systemctl show -P NFileDescriptorStore vmemmapwatch)
part stop.kprobes; cat /sys/kernel/debug/kprobes/list
part stop.report; vmemmapwatch --report 2>&1; echo code $?
part stop.follow; vmemmapwatch --follow 2>&1; echo code $?
rmmod test_hmm
# Return probes of others, one from before and one from after ours.
kretprobe first memremap_pages
part again; systemctl start vmemmapwatch; echo $?
await 10 live 0
kretprobe second memremap_pages
part again.report; vmemmapwatch --report --json
# A crash after a stop and a start loses as little as any other.
systemctl reset-failed vmemmapwatch
modprobe test_hmm
await 10 live 2
sleep 2
rmmod test_hmm
kill -9 $(pid)
await 20 live 0
part again.killed; vmemmapwatch --report --json
kretprobe first off
kretprobe second off
part end.failed; systemctl --failed --no-legend --plain
part own.journal; journalctl -b -u vmemmapwatch -u vmemmapwatch-state --no-pager -o cat
systemctl stop vmemmapwatch
part follow.code; wait $follower; echo $?
part follow; cat /tmp/follow
part follow.err; cat /tmp/follow.err
part follow.txt; cat /tmp/follow.txt
END
is "life: the guest lives" "$(cat "$work/life/status")" 0
is "the boot has no failed unit" "$(text failed)" ""
is "the system runs" "$(text running)" running
read -r _ active _ < <(grep '^vmemmapwatch' "$work/life/order")
for unit in systemd-modules-load systemd-udevd systemd-udev-trigger; do
	read -r _ _ begun < <(grep "^$unit " "$work/life/order")
	holds "it is there before $unit" test "$active" -gt 0 -a "${begun:-0}" -gt "$active"
done
matches "its status is a line" "$(text line)" '^[0-9]+ probes, 0 offenders \(0 live\), 0 lost$'
matches "it has a user of its own" "$(text identity)" "vmemmap"
is "and no capability" "$(grep -c 'Cap.*:.0000000000000000' "$work/life/identity")" 4
matches "the feed is for its group" "$(text identity)" "srw-rw---- .* vmemmapwatch vmemmapwatch .* feed.sock"
matches "others may not read it" "$(text others)" "Permission denied.*group vmemmapwatch"
matches "with code 3" "$(text others)" "code 3"
is "its group may" "$(text group)" "code 0"
exposure=$(grep -oE '[0-9]+\.[0-9]+' "$work/life/exposure" | head -n 1)
holds "exposure at most 1.5 where it runs: $exposure" awk "BEGIN { exit !(${exposure:-9} <= 1.5) }"

matches "the status has the offenders" "$(text status.live)" ' 2 offenders \(2 live\), 0 lost$'
is "report: exit 1" "$(text report.code)" 1
holds "report: as the schema has it" "$top/tests/schema" report <"$work/life/report"
is "report: two offenders, observed" \
	"$(of report '[.offenders[] | .driver, .verdict, .origin, .state] | join(" ")')" \
	"test_hmm above observed live test_hmm above observed live"
holds "report: redacted, as the schema has it" "$top/tests/schema" report <"$work/life/report.redacted"
is "report: redacted, no address is left" "$(grep -cE "0xffff[0-9a-f]{12}" "$work/life/report.redacted")" 0
matches "report: text" "$(text text)" "OFFENDER 1: struct pages above VMEMMAP_END"
matches "report: since when, and what of before" "$(text text)" "Watching since .*Before the watch: "
for part in clock.report clock.kept; do
	is "$part: UTC is by the clock as it was set, also for what was before" \
		"$(of $part '[.. | objects | .utc? // empty | sub("\\.[0-9]*Z"; "Z") | fromdate] |
			length > 5 and all(. > now + 300000000)')" true
done
is "kept for later" "$(of kept '[.offenders[] | .driver] | join(" ")')" "test_hmm test_hmm"
for place in metrics textfile; do
	holds "$place: promtool has no objection" promtool check metrics <"$work/life/$place"
	is "$place: two live offenders" \
		"$(grep -c 'vmemmapwatch_offenders_live{driver="test_hmm",verdict="above",of="request"} 2' "$work/life/$place")" 1
done
same='[.offenders[] | .driver, .phys.start, .stack[1].symbol] | join(" ")'
matches "the kernel log has the driver" "$(text kmsg)" 'vmemmapwatch: test_hmm gets phys'
is "a trace beside it has the same answer" "$(of trace "$same")" "$(of report "$same")"
is "/report, redacted for it is TCP" \
	"$(of metrics.report '[(.offenders | length), .redacted, .offenders[].phys.start] | tostring')" \
	'[2,true,"redacted","redacted"]'
# What is the same on every boot of such a kernel, as VMEMMAP_START, may stay.
is "/report does not place the offenders" "$(grep -cF -e "$(of report '.offenders[0].struct_pages.start')" \
	-e "$(of report '.offenders[0].phys.start')" "$work/life/metrics.report")" 0
is "/report for another host's name" "$(text metrics.rebound)" 421
matches "the user of --keep may not speak for --attach" "$(text keeper)" "permission denied: run as root.*code 3"
is "/healthz" "$(text healthz | xargs)" "ok 200"
is "journal: an entry each" "$(wc -l <"$work/life/journal")" 2
is "journal: structured" \
	"$(jq -rs '.[0] | .VMEMMAPWATCH_DRIVER, .VMEMMAPWATCH_VERDICT, .PRIORITY' "$work/life/journal" | xargs)" \
	"test_hmm above 2"
matches "journal: its catalog explains it" "$(text catalog)" "vmemmapwatch --report"

is "reload: done, by the same daemon" "$(text reload | xargs | awk '{ print $1, $2 == $3 }')" "0 1"
probe() {
	of reload.report "[.probes[] | select(.symbol == \"$1\") | .status] | unique | join(\" \")"
}
# 2 is SCHED_RR, which the daemon has; each begins so.
is "reload: it attaches as an ordinary task" "$(text policy | tail -n 1)" 0
is "reload: a probe more" "$(probe zone_device_page_init)" kprobe
is "reload: a probe less" "$(probe online_pages)" "left out"
is "reload: what came meanwhile is seen" "$(of reload.report '[.offenders[] | .live] | tostring')" "[true,true]"
is "reload: removal and return, each counted" "$(of reload.report '[.offenders[].seen_by.memremap_pages] | tostring')" "[2,2]"
holds "reload: valid" "$top/tests/schema" report <"$work/life/reload.report"
holds "the redacted socket: valid" "$top/tests/schema" feed <"$work/life/public"
is "the redacted socket tells no address" "$(grep -cE "0xffff[0-9a-f]{12}" "$work/life/public")" 0
is "the redacted socket tells offenders" \
	"$(sed '/"type":"snapshot"/q' "$work/life/public" | grep -c '"type":"offender"')" 2
matches "a key that is none" "$(text check)" "20-bad.conf: line 1: nosuch"
matches "a bad configuration is reported, the previous one is kept" "$(text bad)" \
	"keeping the previous configuration"
matches "and the service goes on" "$(text bad)" "active"
holds "once it is mended, the status is, too" sh -c "! grep -q 'old one' '$work/life/bad.after'"
matches "a feed that cannot be there is told" "$(text elsewhere)" "/run/elsewhere/feed.sock: cannot listen"
matches "and the one of before stays" "$(text elsewhere.feed)" '"type":"hello"'
matches "it is tried, and told, again" "$(text elsewhere.again)" "/run/elsewhere/feed.sock: cannot listen"
is "a probe that is none: the reload fails, the service goes on" \
	"$(sed -n '1p;3p' "$work/life/noprobe" | xargs)" "1 active"
matches "and its status tells why" "$(text noprobe)" "no_such_function"
is "mended: the reload succeeds, and nothing is told any more" \
	"$(sed -n 1p "$work/life/mended") $(grep -cE 'cannot|no_such' "$work/life/mended")" "0 0"
matches "mended: the feed is there" "$(text mended.feed)" '"type":"hello"'

read -r code stored <"$work/life/restart"
is "restart: done" "$code" 0
holds "restart: systemd has kept $stored fds" test "$stored" -gt 50
is "restart: no gap" "$(of restart.report '.watched_since.utc == .start.utc')" true
is "restart: counts go on" "$(of restart.report '[.offenders[].seen_by.memremap_pages] | tostring')" "[2,2]"
is "hung: one line" "$(wc -l <"$work/life/hung")" 1
is "killed: what happened meanwhile is counted" \
	"$(of killed.report '[.offenders[].seen_by.memremap_pages] | tostring')" "[3,3]"
is "killed: and that they are gone" "$(of killed.report '[.offenders[].state] | unique | tostring')" '["gone"]'
is "killed: no gap" "$(of killed.report '.watched_since.utc == .start.utc')" true
is "gone: exit 0" "$(text killed.code)" 0
read -r before after <"$work/life/watchdog"
holds "a hung daemon is replaced: $before, $after" test "${before:-0}" -ne "${after:-0}"
holds "by the watchdog" test "$(sed -n 2p "$work/life/watchdog")" -gt 0
is "hung: nothing was missed" "$(of watchdog.report '[.offenders[].seen_by.memremap_pages] | tostring')" "[4,4]"

is "stop: clean, with nothing stored" "$(text stop)" "0 success 0 0"
is "stop: nothing is attached" "$(text stop.kprobes)" ""
matches "no service: how to start it" "$(text stop.report)" "systemctl start vmemmapwatch"
matches "no service: exit 3" "$(text stop.report)" "code 3"
matches "no service to follow: exit 3" "$(text stop.follow)" "code 3"
is "start again" "$(text again)" 0
is "start again: what was known is" \
	"$(of again.report '[.offenders[] | .state, .seen_by.memremap_pages] | tostring')" '["gone",4,"gone",4]'
is "start again: the gap is told" "$(of again.report '.watched_since.utc > .start.utc')" true
is "no unit has failed to the end" "$(text end.failed)" ""

is "start again: a crash then loses no record" \
	"$(of again.killed '[.offenders[] | .state, .seen_by.memremap_pages] | tostring')" '["gone",5,"gone",5]'
is "with return probes of others, it is the same driver's" \
	"$(of again.killed '[.offenders[].driver] | join(" ")')" "test_hmm test_hmm"

is "follow: the service ended while offenders were live" "$(text follow.code)" 1
holds "follow: every line as the schema has it" "$top/tests/schema" feed <"$work/life/follow"
for type in hello layout health snapshot observation offender warn bye; do
	holds "follow: $type" grep -q "^{\"type\":\"$type\"" "$work/life/follow"
done
matches "follow: text" "$(text follow.txt)" "OFFENDER test_hmm: above"
is "trouble in its own journal" "$(grep -ciE 'segfault|assert|core dump|abort' "$work/life/own.journal")" 0

# What was there before the service, and what had gone.
boot=before
boot before "${service[@]}" <<'END'
. ./guest.sh
. ./systemd.sh
modprobe test_hmm
systemctl start vmemmapwatch
part live; vmemmapwatch --report --json
part live.text; vmemmapwatch --report
rmmod test_hmm
await 10 live 0
part gone; vmemmapwatch --report --json; echo $? >/tmp/code
part gone.code; cat /tmp/code
systemctl stop vmemmapwatch
rm -f /run/vmemmapwatch/state
systemctl start vmemmapwatch
part past; vmemmapwatch --report --json; echo $? >/tmp/code
part past.code; cat /tmp/code
systemctl stop vmemmapwatch
part trace; systemctl start vmemmapwatch-trace@test_hmm.service; echo $?; systemctl is-failed vmemmapwatch-trace@test_hmm
part trace.doc; cat /var/lib/vmemmapwatch-trace/test_hmm.json
# By udev, as vmemmapwatch(8) has it: a device comes, and its driver is loaded under a trace.
rmmod test_hmm
# What is out of bounds and live would be a result.
part nosuch; systemctl start vmemmapwatch-trace@nosuch.service; systemctl show -p Result,ExecMainStatus --value vmemmapwatch-trace@nosuch
rm /var/lib/vmemmapwatch-trace/test_hmm.json
mkdir -p /run/udev/rules.d
cat >/run/udev/rules.d/90-trace.rules <<-RULE
	ACTION=="add", SUBSYSTEM=="mem", KERNEL=="null", TAG+="systemd", ENV{SYSTEMD_WANTS}+="vmemmapwatch-trace@test_hmm.service"
RULE
udevadm control --reload
udevadm trigger --action=add /sys/class/mem/null
await 60 test -s /var/lib/vmemmapwatch-trace/test_hmm.json
part udev.doc; cat /var/lib/vmemmapwatch-trace/test_hmm.json
# Blind: kprobes are switched off, and on again.
systemctl start vmemmapwatch vmemmapwatch-metrics.socket
echo 0 >/sys/kernel/debug/kprobes/enabled
await 60 sh -c '. ./systemd.sh; status | grep -q BLIND'
part blind; status
part blind.healthz; curl -sS -w ' %{http_code}\n' http://127.0.0.1:9977/healthz
part blind.metrics; curl -sS http://127.0.0.1:9977/metrics
part blind.report; vmemmapwatch --report --json
part blind.feed; timeout 2 nc -U /run/vmemmapwatch/feed.sock </dev/null
echo 1 >/sys/kernel/debug/kprobes/enabled
await 60 sh -c '. ./systemd.sh; ! status | grep -q BLIND'
part blind.after; status
part blind.after.healthz; curl -sS -w ' %{http_code}\n' http://127.0.0.1:9977/healthz
part blind.after.report; vmemmapwatch --report --json
systemctl stop vmemmapwatch
# Configurations that cannot be are not tried again and again.
echo 'listen = 127.0.0.1:9978' >/etc/vmemmapwatch.conf
part listen; systemctl start vmemmapwatch 2>/dev/null; sleep 3; \
	systemctl show -P Result,ExecMainStatus,NRestarts vmemmapwatch | xargs; \
	journalctl -b -u vmemmapwatch --no-pager -o cat | grep vmemmapwatch-metrics.socket
rm /etc/vmemmapwatch.conf
# The ring buffer is kept with what is in it.
systemctl start vmemmapwatch
mkdir -p /etc/vmemmapwatch.conf.d
echo 'buffer = 2MiB' >/etc/vmemmapwatch.conf.d/10-test.conf
part buffer; systemctl restart vmemmapwatch; echo $?
part buffer.said; journalctl -b -o cat --no-pager -u vmemmapwatch | grep '^buffer='
part config; vmemmapwatch --print-config | grep -B1 '^buffer='
systemctl stop vmemmapwatch
part anew; systemctl start vmemmapwatch; journalctl -b -o cat --no-pager -u vmemmapwatch | grep -c '^buffer='
part keeper; journalctl -b -o cat --no-pager -u vmemmapwatch-state | grep '^saving'
END
is "before: the guest lives" "$(cat "$work/before/status")" 0
is "found at start: live" "$(of live '[.offenders[] | .origin, .state, .driver] | join(" ")')" \
	"found at start live test_hmm found at start live test_hmm"
holds "found at start: valid" "$top/tests/schema" report <"$work/before/live"
is "found at start: the ranges are those of iomem" "$(of live '[.offenders[].phys.start] | sort | join(" ")')" \
	"0xffffe0000000 0xfffff0000000"
matches "found at start: text" "$(text live.text)" "origin +found at start"
is "found at start: gone when it goes" "$(of gone '[.offenders[].state] | unique | tostring')" '["gone"]'
is "gone: exit 0" "$(text gone.code)" 0
is "past: by the kernel log" "$(of past '[.offenders[] | .origin, .state] | unique | join(" ")')" \
	"found at start gone"
holds "past: with WARNs" test "$(of past '[.offenders[].warns] | add')" -ge 4
is "past: exit 0" "$(text past.code)" 0
is "trace@: an offender is a result" "$(text trace | xargs)" "0 inactive"
is "trace@: a module that is none was not tested" "$(text nosuch | sort | xargs)" "6 exit-code"
is "trace@ by udev: its report" "$(of udev.doc '[.offenders[] | .driver + " " + .verdict] | unique | join(" ")')" "test_hmm above"
is "trace@: its report" "$(of trace.doc '.offenders[0].driver')" test_hmm
fires='[.firing[] | select(.state != "unchecked") | .how + " " + .state] | join(", ")'
matches "blind: the status" "$(text blind)" 'BLIND: no probe by kprobe, kretprobe fires'
matches "blind: /healthz" "$(text blind.healthz | xargs)" '^blind: no probe by kprobe, kretprobe fires 503$'
is "blind: the report" "$(of blind.report "$fires")" "kprobe silent, kretprobe silent, tracepoint fires"
holds "blind: metrics" grep -qx 'vmemmapwatch_probes_fire{how="kprobe"} 0' "$work/before/blind.metrics"
holds "blind: the feed" grep -q '"state":"silent"' "$work/before/blind.feed"
is "blind: over" "$(grep -c BLIND "$work/before/blind.after") $(text blind.after.healthz | xargs)" "0 ok 200"
is "blind: over, and how long" \
	"$(of blind.after.report '.firing[0] | .state, .silences, (.silent_ns > 0), (.first.utc < .last.utc)' | xargs)" \
	"fires 1 true true"
matches "listen in the sandbox: refused once" "$(text listen)" "exit-code 0 2"
matches "listen in the sandbox: what to do" "$(text listen)" "systemctl enable --now vmemmapwatch-metrics.socket"
is "restart with another buffer=" "$(text buffer)" 0
is "one line says that it takes a stop and a start" "$(text buffer.said)" \
	"buffer=2048K is not in use: a restart keeps the ring buffer, which has 1024K; run systemctl stop vmemmapwatch, then start"
is "--print-config tells configured from running" "$(text config)" \
	"# /etc/vmemmapwatch.conf.d/10-test.conf: line 1; a running service has what it was started with
buffer=2MiB"
is "after a stop and a start no more of it is said" "$(text anew)" 1
matches "the keeper says what it does" "$(text keeper)" \
	'^saving what /run/vmemmapwatch/feed.sock sends: reports in /var/lib/vmemmapwatch, metrics in '
exit $((failures > 0))
