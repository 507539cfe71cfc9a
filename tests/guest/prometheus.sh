# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian's Prometheus and node_exporter on the test machine, on loopback ports, for
# tests to source. What was started is stopped by monitoring_stop: the test's trap
# calls it. Those that start something leave variables behind: call them from no
# subshell, and so not through holds. Needs $top, of tests/guest/lib.sh. An interval
# other than a second, for guests that are slow: prometheus_interval=5s.

monitoring_pids=()

# fetch URL...: a page, past any proxy, within 10 s; fails on 4xx and 5xx.
fetch() {
	curl -fsS --noproxy '*' --max-time 10 "$@"
}

# A loopback TCP port that nobody listens on.
free_port() {
	local port
	for _ in $(seq 100); do
		port=$((20000 + RANDOM % 12000))
		(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# wait_for SECONDS COMMAND...: until COMMAND succeeds; fails when it does not in time.
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.2
	done
}

# monitoring_run LOG COMMAND...: in the background, until monitoring_stop.
monitoring_run() {
	local log=$1
	shift
	"$@" >"$log" 2>&1 </dev/null &
	monitoring_pids+=($!)
}

monitoring_stop() {
	local pid
	for pid in "${monitoring_pids[@]}"; do
		kill "$pid" 2>/dev/null
	done
	for pid in "${monitoring_pids[@]}"; do
		wait "$pid" 2>/dev/null
	done
	monitoring_pids=()
	return 0
}

# prometheus_start DIRECTORY JOB=HOST:PORT...: scrape those, and evaluate the shipped
# rules; data and log go to DIRECTORY. Its address is $prometheus after that.
prometheus_start() {
	local directory=$1 interval=${prometheus_interval:-1s} port target
	shift
	mkdir -p "$directory"
	cp "$top/daemon/share/prometheus/vmemmapwatch.rules.yml" "$directory/"
	{
		printf 'global:\n  scrape_interval: %s\n  scrape_timeout: %s\n' "$interval" "$interval"
		printf '  evaluation_interval: %s\n' "$interval"
		printf 'rule_files:\n  - vmemmapwatch.rules.yml\nscrape_configs:\n'
		for target; do
			printf '  - job_name: %s\n    static_configs:\n      - targets: ["%s"]\n' \
				"${target%%=*}" "${target#*=}"
		done
	} >"$directory/prometheus.yml"
	port=$(free_port)
	prometheus=http://127.0.0.1:$port
	monitoring_run "$directory/prometheus.log" prometheus \
		--config.file="$directory/prometheus.yml" --storage.tsdb.path="$directory/data" \
		--web.listen-address="127.0.0.1:$port" --log.level=warn
	wait_for 60 fetch "$prometheus/-/ready"
}

# prometheus_query EXPRESSION: its values now, one a line.
prometheus_query() {
	fetch -G --data-urlencode "query=$1" "$prometheus/api/v1/query" |
		jq -r '.data.result[].value[1]'
}

# prometheus_is EXPRESSION VALUE: has it that one value now?
prometheus_is() {
	[ "$(prometheus_query "$1")" = "$2" ]
}

# alert_is NAME firing|resolved: resolved is an alert that is not there, or not any more.
alert_is() {
	local firing
	firing=$(fetch "$prometheus/api/v1/alerts" | jq --arg name "$1" \
		'[.data.alerts[] | select(.labels.alertname == $name and .state == "firing")] |
		length') || return
	case $2 in
	firing) [ "$firing" -gt 0 ] ;;
	resolved) [ "$firing" -eq 0 ] ;;
	*) return 2 ;;
	esac
}

# wait_alert NAME firing|resolved SECONDS
wait_alert() {
	wait_for "$3" alert_is "$1" "$2"
}

# node_exporter_start DIRECTORY LOG: with the files of DIRECTORY alone. Its port is
# $node_exporter after that.
node_exporter_start() {
	node_exporter=$(free_port)
	monitoring_run "$2" prometheus-node-exporter --collector.disable-defaults \
		--collector.textfile --collector.textfile.directory="$1" \
		--web.listen-address="127.0.0.1:$node_exporter"
	wait_for 60 fetch "http://127.0.0.1:$node_exporter/metrics"
}
