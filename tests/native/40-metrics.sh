#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Metrics as their readers see them: promtool, curl, clients that are no help, and
# real Prometheus and node_exporter, over a synthetic report.
# check: seconds=30 waits
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../guest/prometheus.sh"
cd "$top" || exit 1
set +e

out=build/sanitized
work=$(mktemp -d)
switches=$work/switches
mkdir "$switches"
trap 'monitoring_stop; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

rules=daemon/share/prometheus/vmemmapwatch.rules.yml
dashboard=daemon/share/grafana/vmemmapwatch.json

holds "promtool checks the rules" promtool check rules $rules
holds "promtool tests the rules" promtool test rules tests/native/prometheus/rules.test.yml
is "each alert has a summary, and a description that is no shorter" \
	"$(grep -c 'alert:' $rules)" "$(grep -c 'summary:' $rules)"
for alert in $(sed -n 's/.*- alert: //p' $rules); do
	holds "$alert has a test" grep -q "$alert" tests/native/prometheus/rules.test.yml
done

holds "the server of the test builds" build_sanitized $out/tests/serve_metrics

# serve WHERE: in the background. $server is its pid.
serve() {
	monitoring_run "$work/server.log" $out/tests/serve_metrics "$1" "$switches"
	server=${monitoring_pids[-1]}
}

# Of one curl: status, type, and the body's size.
answer() {
	curl -s --noproxy '*' --max-time 30 -o "$work/body" \
		-w '%{http_code} %{content_type} %{size_download}' "$@"
}

port=$(free_port)
url=http://127.0.0.1:$port
serve "127.0.0.1:$port"
holds "it serves" wait_for 20 fetch $url/healthz

matches "/metrics" "$(answer $url/metrics)" \
	'^200 text/plain; version=0\.0\.4; charset=utf-8 [0-9]{4,}$'
is "promtool has nothing to say of the metrics" "$(promtool check metrics <"$work/body" 2>&1)" ""
is "no address is in them" "$(grep -ciE '0x|[0-9a-f]{12}' <(grep -v '^#' "$work/body"))" 0
touch "$switches/live"
matches "/metrics for who takes OpenMetrics" "$(answer $url/metrics \
	-H 'Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5,*/*;q=0.1')" \
	'^200 application/openmetrics-text; version=1\.0\.0; charset=utf-8 [0-9]{4,}$'
is "OpenMetrics ends with its word" "$(tail -n 1 "$work/body")" "# EOF"
is "the live offender is there" "$(grep offenders_live{ "$work/body")" \
	'vmemmapwatch_offenders_live{driver="test_hmm",verdict="above",of="request"} 1'
matches "no OpenMetrics for who refuses it" "$(answer $url/metrics \
	-H 'Accept: application/openmetrics-text;q=0.0,text/plain')" '^200 text/plain'
matches "/report" "$(answer $url/report)" '^200 application/json [0-9]{4,}$'
is "it is the report" "$(jq -r .schema "$work/body")" vmemmapwatch.report/1
is "/healthz" "$(answer $url/healthz; cat "$work/body")" "200 text/plain; charset=utf-8 3ok"
is "HEAD has no body" "$(answer -I $url/metrics)" \
	"200 text/plain; version=0.0.4; charset=utf-8 0"
matches "HEAD has the length" "$(cat "$work/body")" 'Content-Length: [0-9]{4,}'
matches "another path" "$(answer $url/metricsx)" '^404 text/plain'
is "says what there is" "$(cat "$work/body")" "not found: there are /metrics, /report and /healthz"
matches "a query changes nothing" "$(answer "$url/healthz?a=b")" '^200 '
matches "the name of another host" "$(answer -H "Host: evil.example:$port" $url/report)" '^421 text/plain'
is "gets no page" "$(cat "$work/body")" "misdirected: ask for an address or this machine's host name"
for method in POST PUT DELETE OPTIONS; do
	matches "$method" "$(answer -X $method --data-binary @"$0" $url/metrics)" '^405 text/plain'
done
matches "a header that is too large" "$(answer -H "X: $(head -c 20000 /dev/zero | tr '\0' x)" \
	$url/metrics)" '^431 '
touch "$switches/sick"
is "/healthz when it is not well" "$(answer $url/healthz; cat "$work/body")" \
	"503 text/plain; charset=utf-8 27the daemon does not answer"
matches "/metrics when it cannot be made" "$(answer $url/metrics)" '^503 text/plain'
rm "$switches/sick"

# Clients that are no help. All together cost the others a second.
# slow_client: a byte a second of a request that never ends.
slow_client() {
	local start=$SECONDS
	trap '' PIPE
	exec 3<>"/dev/tcp/127.0.0.1/$port" || return
	while [ $((SECONDS - start)) -lt 40 ] && printf 'G' >&3; do
		sleep 1
	done 2>/dev/null
	exec 3>&-
	echo $((SECONDS - start)) >>"$work/slow"
}
slow_clients=() clients=()
for _ in $(seq 16); do
	slow_client &
	slow_clients+=($!)
done
sleep 2
start=$SECONDS
matches "16 slow clients hold all connections: the next one is served" \
	"$(answer $url/healthz)" '^200 '
matches "and does not wait for them" $((SECONDS - start)) '^[0-3]$'
wait "${slow_clients[@]}" 2>/dev/null
is "each of them had no more than some 10 s" "$(awk '$1 < 16' "$work/slow" | wc -l)" 16

for i in $(seq 50); do
	curl -s --noproxy '*' --max-time 30 -o /dev/null -w '%{http_code}\n' $url/metrics \
		>"$work/many.$i" &
	clients+=($!)
done
wait "${clients[@]}"
is "50 at a time are all served" "$(cat "$work"/many.* | sort | uniq -c | xargs)" "50 200"

# One that leaves in the middle, and one that does not read.
touch "$switches/big"
timeout 1 curl -s --noproxy '*' --limit-rate 1000 -o /dev/null $url/report
curl -s --noproxy '*' --max-time 30 $url/report | head -c 1000 >/dev/null
matches "clients that leave in the middle" "$(answer $url/healthz)" '^200 '
is "all of a large body arrives" "$(answer $url/report)" "200 application/json $(((32 << 20) + 3))"
rss=$(awk '/VmRSS/ { print $2 }' /proc/$server/status)
holds "a large body is not in the server's memory ($rss KiB, with ASan)" test "$rss" -lt 120000
rm "$switches/big"
kill -0 $server || tail -n 20 "$work/server.log"

one_line_of() {
	timeout 10 $out/tests/serve_metrics "$1" "$switches" 2>"$work/err"
	printf '%s ' $?
	cat "$work/err"
}
is "a port in use" "$(one_line_of "127.0.0.1:$port")" \
	"2 127.0.0.1:$port: cannot listen: Address already in use"
kill $server
wait $server
is "SIGTERM ends it well" $? 0
is "and it had nothing to say" "$(cat "$work/server.log")" ""

socket=$work/socket
serve "unix:$socket"
holds "a Unix socket" wait_for 20 fetch --unix-socket "$socket" http://x/healthz
is "of mode 0660" "$(stat -c %a "$socket")" 660
is "in use" "$(one_line_of "unix:$socket")" \
	"2 $socket: another program listens there already"
kill -KILL $server
wait $server 2>/dev/null
holds "it is left over" test -S "$socket"
serve "unix:$socket"
holds "and replaced" wait_for 20 fetch --unix-socket "$socket" http://x/healthz
kill $server
wait $server

port=$(free_port)
url=http://127.0.0.1:$port
monitoring_run "$work/activated.log" systemd-socket-activate -l "127.0.0.1:$port" \
	$out/tests/serve_metrics activated "$switches"
server=${monitoring_pids[-1]}
holds "a socket that systemd opened" wait_for 20 fetch $url/healthz
kill $server
wait $server

# Real Prometheus: what modprobe and rmmod would do is a switch here.
rm -f "$switches"/*
serve "127.0.0.1:$port"
wait_for 20 fetch $url/healthz
mkdir "$work/textfile"
fetch $url/metrics >"$work/textfile/vmemmapwatch.prom"
node_exporter_start "$work/textfile" "$work/node_exporter.log"
is "node_exporter starts" $? 0
prometheus_start "$work/prometheus" "vmemmapwatch=127.0.0.1:$port" "node=127.0.0.1:$node_exporter"
is "Prometheus starts" $? 0
holds "it scrapes" wait_for 30 prometheus_is 'up{job="vmemmapwatch"}' 1
holds "and node_exporter" wait_for 30 prometheus_is \
	'count(vmemmapwatch_build_info{job="node"})' 1
is "node_exporter reads the file without an error" \
	"$(prometheus_query 'node_textfile_scrape_error')" 0
sleep 3
holds "no alert on live offenders" alert_is VmemmapwatchOffenderLive resolved
touch "$switches/live"
holds "it fires" wait_alert VmemmapwatchOffenderLive firing 30
is "with what one wants to know" "$(fetch "$prometheus/api/v1/alerts" | jq -r '.data.alerts[] |
	select(.labels.alertname == "VmemmapwatchOffenderLive").annotations.summary')" \
	"test_hmm on 127.0.0.1:$port has struct pages out of bounds (above)"
rm "$switches/live"
holds "it resolves" wait_alert VmemmapwatchOffenderLive resolved 30
holds "the offender is not forgotten" wait_for 10 prometheus_is \
	'sum(vmemmapwatch_offenders_total{job="vmemmapwatch"})' 1
touch "$switches/live"
fetch $url/metrics >"$work/textfile/.new" && mv "$work/textfile/.new" "$work/textfile/vmemmapwatch.prom"
rm "$switches/live"
holds "by way of node_exporter it fires, too" wait_for 30 prometheus_is \
	'ALERTS{alertname="VmemmapwatchOffenderLive",job="node",alertstate="firing"}' 1

# The dashboard: each query is one, of metrics that there are.
holds "the dashboard is JSON" jq -e . $dashboard
is "its panels ask the data source that was chosen" "$(jq '[.panels[] |
	select(.type != "row") | .datasource.uid, .targets[].datasource.uid] |
	map(select(. != "${datasource}")) | length' $dashboard)" 0
is "the panels do not overlap, and none is off the grid" "$(jq '[.panels[].gridPos] as $p |
	[range($p | length) as $i | range($i) as $j | ($p[$i], $p[$j]) as $_ |
		select($p[$i].x < $p[$j].x + $p[$j].w and $p[$j].x < $p[$i].x + $p[$i].w and
		       $p[$i].y < $p[$j].y + $p[$j].h and $p[$j].y < $p[$i].y + $p[$i].h)] +
	[$p[] | select(.x + .w > 24)] | length' $dashboard)" 0
queries=0
while IFS= read -r query; do
	queries=$((queries + 1))
	query=${query//\$__rate_interval/1m}
	query=${query//\$instance/.*}
	fetch -G --data-urlencode "query=$query" "$prometheus/api/v1/query" |
		jq -e '.status == "success"' >/dev/null || fail "the dashboard asks $query"
done < <(jq -r '.panels[] | select(.targets).targets[].expr' $dashboard)
holds "the dashboard's $queries queries can be answered" test $queries -gt 20
known=$(tr -s '\n\t' '  ' <daemon/output/metrics/metrics.c |
	grep -oE 'vmw_metrics_family\( ?m, VMW_[A-Z]*, "[a-z_]*"' |
	sed 's/.*"\(.*\)"/vmemmapwatch_\1/' | sort -u)
is "rules and dashboard know no other metrics" "$(grep -ohE 'vmemmapwatch_[a-z_]+' $rules $dashboard |
	sort -u | comm -23 - <(printf '%s\n' "$known"))" ""
is "every metric is on the dashboard" "$(grep -ohE 'vmemmapwatch_[a-z_]+' $dashboard |
	sort -u | comm -13 - <(printf '%s\n' "$known"))" ""
kill $server
wait $server
holds "a daemon that is away: up is 0" wait_for 30 prometheus_is 'up{job="vmemmapwatch"}' 0
exit $((failures > 0))
