#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The unit tests, under ASan and UBSan.
# check: seconds=30
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e

out=build/sanitized
holds "unit tests build" build_sanitized unit-tests
# Side by side: the slow ones wait more than they work.
export out
find tests/unit -name 'test_*.c' | sort | xargs -n 1 -P "$(nproc)" sh -c '
	name=$(basename "$0" .c)
	$out/tests/"$name" >"$out/$name.log" 2>&1
	echo $? >"$out/$name.status"'
for source in tests/unit/test_*.c; do
	name=$(basename "$source" .c)
	log=$out/$name.log
	status=$(cat "$out/$name.status")
	sed -n -e "s/^\[       OK \] /ok - $name: /p" \
		-e "s/^\[  FAILED  \] \([a-z_0-9]*\)\$/not ok - $name: \1/p" \
		-e "s/^\[  SKIPPED \] \([a-z_0-9]*\)\$/skip - $name: \1 # not possible here/p" "$log" |
		sort -u
	if [ $status -ne 0 ]; then
		failures=1
		tail -n 30 "$log"
	fi
done
exit $((failures > 0))
