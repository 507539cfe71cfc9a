#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Stock kernels from the oldest to the newest that Debian has for arm64: every
# program loads, what the kernel allows is attached, and the rest has a reason.
# check: seconds=55
. "$(dirname "$0")/../testlib.sh"

# Three lookups of a pfn without a struct page: what is attached works.
echo 'for _ in 1 2 3; do echo 0xffff000000000 >/sys/devices/system/memory/soft_offline_page; done; true' \
	>"$work/lookups.sh"

# One before and one after a suspend: hibernation as far as it goes without a disk.
cat >"$work/sleep.sh" <<'END'
look() {
	date +%s
	echo 0xffff000000000 >/sys/devices/system/memory/soft_offline_page
}
look
echo core >/sys/power/pm_test
echo disk >/sys/power/state
look
END

# "SYMBOL REASON" of what --probes, in $1, says is unavailable, each on one line again.
listed_unavailable() {
	awk '/^[^ ]/ { end(); symbol = $1; next }
		/^    [^ ]/ { end() }
		/^    unavailable: / { reason = substr($0, 18); next }
		reason != "" { sub(/^ */, " "); reason = reason $0 }
		function end() { if (reason != "") print symbol, reason; reason = "" }
		END { end() }' "$1"
}

check_stock() {
	local name=$1 attached=$2 callers=$3 how=$4
	use "$name"
	boot "$name" --add "$work/lookups.sh:/root/lookups.sh" "${@:5}" <<'END'
. ./guest.sh
trace --probes=all -- sh lookups.sh
part listed; vmemmapwatch --probes
if [ -e sleep.sh ]; then
	vmemmapwatch --trace --json --probes=soft_offline_page --output /tmp/slept -- sh sleep.sh >/tmp/looked 2>&1
	part slept; cat /tmp/slept
	part looked; grep -v soft_offline_page /tmp/looked
	part resumed; dmesg | grep -c 'hibernation: hibernation exit'
fi
facts
END
	is "$name: the guest lives" "$(cat "$work/$name/status")" 0
	is "$name: exit 0" "$(cat "$work/$name/code")" 0
	holds "$name, $(json "$name" .kernel): at least $attached attached" test \
		"$(json "$name" '[.probes[] | select(.kind == null and .status != "unavailable")] | length')" -ge "$attached"
	holds "$name: at least $callers callers of class certain or use attached" test \
		"$(json "$name" '[.probes[] | select(.kind and .class != "lookup" and .status != "unavailable")] | length')" -ge "$callers"
	holds "$name: what is not attached has a reason" jq -e \
		'all(.probes[] | select(.status == "unavailable"); .reason | length > 10)' "$work/$name/doc"
	is "$name: callers are attached by $how, and by nothing else" \
		"$(json "$name" "[.probes[] | select(.kind and .class != \"lookup\") | .status] | unique - [\"unavailable\"] | join(\" \")")" "$how"
	# It does not try to attach: what the kernel refuses then is not told.
	is "$name: what --probes says is unavailable is so, for that reason" \
		"$(listed_unavailable "$work/$name/listed" | sort |
			comm -23 - <(json "$name" '.probes[] | select(.status == "unavailable") | .symbol + " " + .reason' | sort))" ""
	is "$name: --probes has the same rows" "$(grep -v '^ ' "$work/$name/listed" | cut -d' ' -f1)" \
		"$(json "$name" '.probes[].symbol')"
	is "$name: what is attached works" \
		"$(json "$name" '.lookups[] | select(.probe == "soft_offline_page") | .count')" 3
	is "$name: no loss" "$(json "$name" '[.losses[].count | numbers] | add')" 0
	holds "$name: nobody disagrees" jq -e 'all(.layout.values[]; .agreement != "disagree")' \
		"$work/$name/doc"
}

# How many of 18 at least, and of callers. The rows follow what the mirror has, and name the
# release they got.
# The rows of every run, one by kprobe and one by fentry; STOCKS="NAME..." are others.
stocks=${STOCKS:-stock-5.10 stock-sid}
for name in $stocks; do
	case $name in
	stock-5.10)
		check_stock $name 8 14 kprobe
		is "stock-5.10: what it lacks is named" \
			"$(json stock-5.10 '.probes[] | select(.symbol == "mhp_range_allowed" and .point == "entry") | .reason')" \
			"this kernel has no such function, or inlines it"
		;;
	stock-6.1) check_stock $name 12 20 kprobe ;;
	stock-6.12)
		check_stock $name 18 26 fentry --add "$work/sleep.sh:/root/sleep.sh"
		is "stock-6.12: it was suspended" "$(cat "$work/stock-6.12/resumed")" 1
		is "stock-6.12: UTC is right before and after that, to two seconds" \
			"$(jq -r --arg looked "$(grep -x '[0-9]*' "$work/stock-6.12/looked" | xargs)" \
				'[.lookups[0] | (.first, .last).utc | sub("\\.[0-9]*Z"; "Z") | fromdate] as $utc |
				($looked | split(" ") | map(tonumber)) | length == 2 and .[1] - .[0] >= 5 and
				([., $utc] | transpose | all(.[1] - .[0] | . >= 0 and . <= 2))' "$work/stock-6.12/slept")" true
		;;
	stock-6.12-16k) check_stock $name 18 26 fentry --cpu max,pauth-impdef=on ;;
	stock-sid) check_stock $name 16 24 fentry ;;
	esac
done
exit $((failures > 0))
