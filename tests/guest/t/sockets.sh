#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The service's sockets: where they cannot be, and peers that mean no good.
# check: kernels=hmm-6.1 seconds=50 waits
. "$(dirname "$0")/../testlib.sh"

programs=$("$top/tests/guest/programs/build") || exit 1
boot sockets --append nokaslr --timeout 900 --add "$programs/peer:/root/peer" \
	--add "$top/tests/guest/service.sh:/root/service.sh" <<'SCRIPT'
. ./guest.sh
. ./service.sh
# refuse NAME PATH: a daemon that is not to start.
refuse() {
	timeout 10 vmemmapwatch --daemon --feed "$2" 2>/tmp/err
	echo $? >/tmp/code
	part $1; cat /tmp/err
	part $1.code; cat /tmp/code
}
mkdir -p /run/x
refuse nodir /run/missing/deeper/feed.sock
echo >/run/file
refuse file /run/file/feed.sock
echo data >/run/x/feed.sock
refuse plain /run/x/feed.sock
part plain.left; cat /run/x/feed.sock; ls /run/x
long=/run/$(head -c 120 /dev/zero | tr '\0' a)
refuse long $long
mkdir /run/$(head -c 98 /dev/zero | tr '\0' a)
refuse beside /run/$(head -c 98 /dev/zero | tr '\0' a)/f
timeout 10 vmemmapwatch --attach 2>/tmp/err; echo $? >/tmp/code
part noattach; cat /tmp/err
part noattach.code; cat /tmp/code
timeout 10 vmemmapwatch --report >/dev/null 2>/tmp/err; echo $? >/tmp/code
part noreport; cat /tmp/err
part noreport.code; cat /tmp/code

start
told first
refuse second $feed
report first.report
told untouched
part sockets; ls -A /run/vmemmapwatch
# Killed, it leaves them; the next one replaces them.
kill -9 $daemon
wait $daemon 2>/dev/null
part stale; ls -A /run/vmemmapwatch
await 10 [ "$(nr_probes)" = 0 ]
start
told again
insmod $test_hmm
await 5 grep -q . /dev/null || sleep 1

# Who may attach.
su nobody -s /bin/sh -c 'vmemmapwatch --attach' 2>/tmp/err; echo $? >/tmp/code
part nobody; cat /tmp/err
part nobody.code; cat /tmp/code
chmod 711 /run/vmemmapwatch
chmod 666 /run/vmemmapwatch/attach.sock
su nobody -s /bin/sh -c 'vmemmapwatch --attach' 2>/tmp/err; echo $? >/tmp/code
part peer; cat /tmp/err
part peer.code; cat /tmp/code
su nobody -s /bin/sh -c 'vmemmapwatch --report' 2>/tmp/err >/dev/null; echo $? >/tmp/code
part reader; cat /tmp/err
part reader.code; cat /tmp/code
: >$log

# Whom root hands its probes to: nobody who could have made the socket in our place.
mkdir -m 777 /run/open
su nobody -s /bin/sh -c 'NOTIFY_SOCKET=/none exec vmemmapwatch --daemon --feed /run/open/feed.sock' \
	2>/dev/null & fake=$!
await 10 [ -S /run/open/attach.sock ]
timeout 20 vmemmapwatch --attach --feed /run/open/feed.sock 2>/tmp/err; echo $? >/tmp/code
part open; cat /tmp/err
part open.code; cat /tmp/code
chmod 755 /run/open
timeout 20 vmemmapwatch --attach --feed /run/open/feed.sock 2>/tmp/err; echo $? >/tmp/code
part foreign; cat /tmp/err
part foreign.code; cat /tmp/code
mkdir /run/way
mv /run/open /run/way/open
chown nobody /run/way
timeout 20 vmemmapwatch --attach --feed /run/way/open/feed.sock 2>/tmp/err; echo $? >/tmp/code
part way; cat /tmp/err
part way.code; cat /tmp/code
kill $fake

part garbage
./peer garbage /run/vmemmapwatch/attach.sock 60
./peer garbage /run/vmemmapwatch/report.sock 60
: >$log
part crowd
./peer crowd $feed 200
part flood
: >$log
./peer flood $feed 5
./peer crowd $feed 1
told flooded
report after.report
part alive; ended $daemon || echo alive
stop
part end; echo $code; nr_probes; ls -A /run/vmemmapwatch

# Few file descriptors: full, said once each, and no time spent.
(ulimit -n 200; exec vmemmapwatch --daemon --feed $feed 2>>$log) &
daemon=$!
await 30 watches
: >$log
timeout 10 ./peer crowd $feed 200 >/dev/null &
crowd=$!
sleep 2
before=$(cpu)
sleep 3
part few.cpu; echo $(($(cpu) - before))
timeout 15 vmemmapwatch --report >/dev/null 2>&1 &
reporter=$!
sleep 2
before2=$(cpu)
sleep 2
part few.cpu2; echo $(($(cpu) - before2))
wait $reporter
wait $crowd
part few.report
await 10 watches && echo watches
told few.told
stop

# One that hangs.
start
: >$log
kill -STOP $daemon
began=$(cut -d. -f1 /proc/uptime)
timeout 60 vmemmapwatch --report >/dev/null 2>/tmp/err; echo $? >/tmp/code
part hung; cat /tmp/err
part hung.code; cat /tmp/code
part hung.seconds; echo $(($(cut -d. -f1 /proc/uptime) - began))
kill -CONT $daemon
await 5 watches
stop
SCRIPT
dir=$work/sockets

# line PART CODE REGEX: exactly that line, and that exit status.
line() {
	one_line "$1: a line" "$dir/$1" "$3"
	is "$1: exit $2" "$(cat "$dir/$1.code")" "$2"
}

is "the guest lives" "$(cat "$dir/status")" 0
line nodir 2 '^vmemmapwatch: --feed: /run/missing/deeper/report.sock: cannot listen: expected a directory that is there$'
line file 2 '^vmemmapwatch: --feed: /run/file/report.sock: expected a directory that is there$'
line plain 2 '^vmemmapwatch: --feed: /run/x/feed.sock: is there, and no socket: expected a path of a new one$'
is "plain: nothing else is left, and the file is what it was" "$(xargs <"$dir/plain.left")" "data feed.sock"
line long 2 '^vmemmapwatch: --feed=/run/a*(\.\.\.)?: expected PATH.* of less than 108 bytes$'
line beside 2 '^vmemmapwatch: --feed: /run/a*/report.sock(, beside it, is too long)?: .*$'
line noattach 3 '^vmemmapwatch: /run/vmemmapwatch/attach.sock: No such file or directory: is vmemmapwatch --daemon running\? \(systemctl start vmemmapwatch\)$'
line noreport 3 '^vmemmapwatch: /run/vmemmapwatch/report.sock: No such file or directory: no service is running \(systemctl start vmemmapwatch\)$'
line second 2 '^vmemmapwatch: --feed: /run/vmemmapwatch/report.sock: another program listens there already$'
is "the first one says nothing of it" "$(cat "$dir/untouched")" ""
is "and answers" "$(cat "$dir/first.report.code")" 0
is "a killed one leaves its sockets" "$(xargs <"$dir/stale")" "$(xargs <"$dir/sockets")"
is "they are replaced without a word" "$(cat "$dir/again")" ""
line nobody 3 '^vmemmapwatch: /run/vmemmapwatch/attach.sock: Permission denied: run as root$'
line peer 3 '^vmemmapwatch: /run/vmemmapwatch/attach.sock: permission denied: run as root$'
line open 3 '^vmemmapwatch: /run/open: not trusted: others can write there: expected a directory that only its owner writes in \(--feed\)$'
line foreign 3 '^vmemmapwatch: /run/open/attach.sock: not trusted: a process of another user serves it$'
line way 3 '^vmemmapwatch: /run/way: not trusted: it belongs to another user$'
line reader 3 '^vmemmapwatch: /run/vmemmapwatch/report.sock: Permission denied: run as root, or join group vmemmapwatch$'
is "garbage is taken, and does no harm" "$(xargs <"$dir/garbage")" "60 60"
is "200 clients at once: all are greeted" "$(cat "$dir/crowd")" "200 0"
is "who only talks is held up by itself, and others are served" "$(paste -sd'|' "$dir/flood")" \
	"Resource temporarily unavailable|1 0"
is "which is not worth a line" "$(cat "$dir/flooded")" ""
is "the report is whole" "$(cat "$dir/after.report.code") $(jq '.offenders | length' "$dir/after.report")" "1 2"
is "it is alive" "$(cat "$dir/alive")" alive
is "and ends clean" "$(xargs <"$dir/end")" "0 0 state"
holds "no descriptor left: it spends no time on it ($(cat "$dir/few.cpu") of 300 ticks)" \
	test "$(cat "$dir/few.cpu")" -lt 60
holds "nor on a report that it cannot give ($(cat "$dir/few.cpu2") of 200 ticks)" \
	test "$(cat "$dir/few.cpu2")" -lt 60
is "it answers again when there are some" "$(tail -n 1 "$dir/few.report")" watches
holds "it is told" grep -q 'expected a higher RLIMIT_NOFILE (LimitNOFILE=)$' "$dir/few.told"
holds "but not again and again" test "$(wc -l <"$dir/few.told")" -le 3
line hung 3 '^vmemmapwatch: /run/vmemmapwatch/report.sock: the service does not answer$'
holds "within its time" test "$(cat "$dir/hung.seconds")" -le 12
exit $((failures > 0))
