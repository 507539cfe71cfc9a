#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The metrics as monitoring drinks them: Debian's Prometheus on this machine scrapes
# the guest through a forwarded port, by the socket unit and by node_exporter in the
# guest, and its alert fires when the driver comes, and resolves when it goes. Then the
# guest is locked down, as a machine with secure boot is: the service works there, too.
# check: kernels=hmm-6.1 seconds=40
. "$(dirname "$0")/../testlib.sh"
. "$(dirname "$0")/../prometheus.sh"
trap 'monitoring_stop; rm -rf "$work"' EXIT

metrics=$(free_port) exporter=$(free_port) control=$(free_port)

# The guest goes on when we come by.
step_guest() {
	local line
	for _ in $(seq 600); do
		line=
		read -r -t 5 line 2>/dev/null </dev/tcp/127.0.0.1/$control
		[ "$line" != "$1" ] || return 0
		sleep 0.2
	done
	return 1
}

boot prometheus --init systemd --append nokaslr --timeout 900 \
	--forward $metrics:9977 --forward $exporter:9100 --forward $control:8001 \
	--enable vmemmapwatch.service --add "$top/tests/guest/systemd.sh:/root/systemd.sh" <<'END' &
. ./systemd.sh
. ./guest.sh
# As an administrator would open it to a scraper that is elsewhere.
mkdir -p /etc/systemd/system/vmemmapwatch-metrics.socket.d
printf '[Socket]\nListenStream=\nListenStream=0.0.0.0:9977\n' \
	>/etc/systemd/system/vmemmapwatch-metrics.socket.d/listen.conf
# The unit takes packets of this machine alone.
mkdir -p /etc/systemd/system/vmemmapwatch-metrics.service.d
printf '[Service]\nIPAddressAllow=any\n' \
	>/etc/systemd/system/vmemmapwatch-metrics.service.d/listen.conf
systemctl daemon-reload
systemctl start vmemmapwatch-metrics.socket
prometheus-node-exporter --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory=/var/lib/prometheus/node-exporter >/dev/null 2>&1 &
step() {
	until echo $1 | nc -N -l 8001; do sleep 0.2; done >/dev/null
}
step there
step healthy
modprobe test_hmm
step loaded
rmmod test_hmm
step removed
# No unsigned module loads once it is locked: this one is there before.
modprobe test_hmm
await 30 live 2
systemctl stop vmemmapwatch
echo integrity >/sys/kernel/security/lockdown
systemctl start vmemmapwatch
part lockdown; cat /sys/kernel/security/lockdown
part attached; journalctl -u vmemmapwatch -o cat | grep ' probes attached' | cut -d' ' -f1-3
await 30 live 2
rmmod test_hmm
await 30 live 0
part doc; vmemmapwatch --report --json

# With redact report.sock is not for the group, of which the metrics unit is by default.
echo 'redact = yes' >/etc/vmemmapwatch.conf
systemctl restart vmemmapwatch
await 30 live 0
part refused; curl -sS http://127.0.0.1:9977/metrics
printf '[Service]\nDynamicUser=no\nUser=vmemmapwatch\n' \
	>/etc/systemd/system/vmemmapwatch-metrics.service.d/redact.conf
systemctl daemon-reload
# Only now: a scrape that comes before starts it again as it was.
systemctl stop vmemmapwatch-metrics.service
part redacted; curl -sS http://127.0.0.1:9977/metrics
END
guest=$!

holds "the guest is there" step_guest there
prometheus_interval=2s prometheus_start "$work/data" vmemmapwatch=127.0.0.1:$metrics \
	node=127.0.0.1:$exporter || fail "Prometheus starts" "$(tail -n 5 "$work/data/prometheus.log")"
holds "it scrapes the guest" wait_for 90 prometheus_is 'up{job="vmemmapwatch"}' 1
holds "node_exporter has the textfile" wait_for 90 prometheus_is \
	'count(vmemmapwatch_build_info{job="node"})' 1
holds "no alert while nothing is wrong" wait_alert VmemmapwatchOffenderLive resolved 10
holds "the driver comes" step_guest healthy
holds "the alert fires when the driver comes" wait_alert VmemmapwatchOffenderLive firing 90
holds "two live offenders, by the socket" wait_for 60 prometheus_is \
	'sum(vmemmapwatch_offenders_live{job="vmemmapwatch",of="request"})' 2
holds "and by the textfile" wait_for 60 prometheus_is \
	'sum(vmemmapwatch_offenders_live{job="node",of="request"})' 2
holds "the driver goes" step_guest loaded
holds "the alert resolves when it is gone" wait_alert VmemmapwatchOffenderLive resolved 90
holds "none is live, by the textfile" wait_for 60 prometheus_is \
	'sum(vmemmapwatch_offenders_live{job="node",of="request"})' 0
is "they are not forgotten" \
	"$(prometheus_query 'sum(vmemmapwatch_offenders_total{job="vmemmapwatch",of="request"})')" 2
holds "the guest ends" step_guest removed
wait $guest
is "the guest lives" "$(cat "$work/prometheus/status")" 0
is "the guest is locked down" "$(cat "$work/prometheus/lockdown")" "none [integrity] confidentiality"
is "lockdown=integrity: as many probes as before" "$(uniq "$work/prometheus/attached" | wc -l)" 1
is "lockdown=integrity: every bound agrees" \
	"$(json prometheus '[.layout.values | .VMEMMAP_START, .VMEMMAP_END, .vmemmap | .agreement] | join(" ")')" "agree agree agree"
is "lockdown=integrity: the driver and the verdict, and that it is gone" \
	"$(json prometheus '[.offenders[] | select(.live | not) | [.driver, .verdict] | join(" ")] | unique | join(",")')" "test_hmm above"
holds "lockdown=integrity: the WARN of the removal is seen" jq -e \
	'[.warns[] | select(.symbol | startswith("vmemmap_free"))] | length > 0' "$work/prometheus/doc"
is "redact: no metrics of the watch for another user, and all of them for its own" \
	"$(cd "$work/prometheus" && grep -c '^vmemmapwatch_kmsg_lines_total{' refused redacted | xargs)" \
	"refused:0 redacted:3"
exit $((failures > 0))
