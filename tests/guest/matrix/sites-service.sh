#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The key sites= of the installed service, under systemd: what is counted at pfn_to_page() in
# a driver's code goes on through a restart and a crash, until the key is gone and the
# service has been stopped.
. "$(dirname "$0")/../testlib.sh"
deb=$(build ARCH=arm64 deb) || die "no package: make ARCH=arm64 deb"
programs=$("$top/tests/guest/programs/build") || exit 1

use hmm-6.1
built=$("$top/tests/guest/modules/build" hmm-6.1 test_hmm) || exit 1
boot service --init systemd --append nokaslr --timeout 900 --package "$deb" \
	--add "$top/tests/guest/systemd.sh:/root/systemd.sh" \
	--add "$built/test_hmm.ko:/root/test_hmm.ko" --add "$programs/hmm_loop:/root/hmm_loop" <<'END'
. ./guest.sh
. ./systemd.sh
mkdir -p /lib/modules/$(uname -r)/extra
cp test_hmm.ko /lib/modules/$(uname -r)/extra/
echo extra/test_hmm.ko: >/lib/modules/$(uname -r)/modules.dep
mkdir -p /etc/vmemmapwatch.conf.d
echo 'sites = test_hmm' >/etc/vmemmapwatch.conf.d/10-sites.conf
# calls N: are there so many of all sites?
cat >/tmp/calls <<-CALLS
	[ \$(vmemmapwatch --report --json | jq '[.sites[].calls] | add') = \$1 ]
CALLS
migrate() {
	/root/hmm_loop /tmp/hmm 64 5 >/dev/null
}
part start; systemctl start vmemmapwatch; echo $?
insmod test_hmm.ko
mknod /tmp/hmm c $(awk 'tolower($2) == "hmm_dmirror" { print $1 }' /proc/devices) 0
migrate
await 20 sh /tmp/calls 964
part first; vmemmapwatch --report --json
part restart; systemctl restart vmemmapwatch; echo $?
migrate
await 20 sh /tmp/calls 1924
part second; vmemmapwatch --report --json
kill -9 $(pid)
migrate
await 30 sh /tmp/calls 2884
part third; vmemmapwatch --report --json
# What it cannot change while it runs is said.
rm /etc/vmemmapwatch.conf.d/10-sites.conf
part reload; systemctl reload vmemmapwatch; echo $?
part reload.said; journalctl -b -u vmemmapwatch -o cat --no-pager -n 3
systemctl restart vmemmapwatch
part restart.said; journalctl -b -u vmemmapwatch -o cat --no-pager -n 3
part stop; systemctl stop vmemmapwatch; echo $?
systemctl start vmemmapwatch
part without; vmemmapwatch --report --json
part anew; journalctl -b -u vmemmapwatch -o cat --no-pager | grep -c 'sites.*stop'
systemctl stop vmemmapwatch
part enabled; grep -v DISABLED /sys/kernel/debug/kprobes/list || :
END
of() {
	jq -r "$2" "$work/service/$1" 2>&1
}
calls='[.sites[] | select(.calls > 0) | "\(.function | split(".")[0]) \(.calls) \(.out_of_bounds)"] | join(", ")'
# after N: what N migrations make, with what the module's init does once.
after() {
	local n=$((320 * $1))
	echo "dmirror_allocate_chunk 2 2, dmirror_allocate_chunk 2 1, dmirror_devmem_fault_alloc_and_copy $n $n, dmirror_migrate_to_device $n 0, dmirror_migrate_to_device $n $n"
}
is "the guest lives" "$(cat "$work/service/status")" 0
is "start, restart, reload, stop" "$(cat "$work"/service/{start,restart,reload,stop} | xargs)" "0 0 0 0"
is "before the module is there, its sites are probed" "$(of first "$calls")" "$(after 1)"
is "restart: counts go on" "$(of second "$calls")" "$(after 2)"
is "crash: nothing is missed" "$(of third "$calls")" "$(after 3)"
is "nothing is lost" "$(of third '[.losses[].count | numbers] | add')" 0
is "one offender for each site, through it all" \
	"$(of third '[.uses[] | select(.site)] | length')" "$(of first '[.uses[] | select(.site)] | length')"
holds "as the schema says" "$top/tests/schema" report <"$work/service/third"
holds "reload without the key: what it takes is said" \
	grep -qx 'sites: changes at the next stop and start' "$work/service/reload.said"
holds "restart without the key: too" grep -qx \
	'sites= is not in use: a restart keeps the probes that are there; run systemctl stop vmemmapwatch, then start' \
	"$work/service/restart.said"
is "after a stop and a start no more of it is said" "$(cat "$work/service/anew")" 2
is "without the key there are none" "$(of without '.sites // [] | length')" 0
is "no probe stays enabled" "$(cat "$work/service/enabled")" ""
exit $((failures > 0))
