#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A driver that is built in: it is named by the symbol of its code. It has asked at
# boot, before us, which is found; and asks for more while it is watched.
. "$(dirname "$0")/../testlib.sh"
. "$top/tests/guest/decode.sh"

use hmm-6.1-builtin
tests=$("$top/tests/guest/programs/hmm-tests" hmm-6.1-builtin) || exit 1
boot builtin --append nokaslr --add "$tests:/root/hmm-tests" --timeout 300 <<'END'
. ./guest.sh
trace --settle 1 -- sh -c '/root/hmm-tests -r hmm2.hmm2_device_private.migrate_mixed >/tmp/tests 2>&1; true'
part tests; tail -n 5 /tmp/tests
part text; vmemmapwatch --preflight 256M
facts
END
is "the guest lives" "$(cat "$work/builtin/status")" 0
cat "$work/builtin/tests"
json builtin '.offenders[] | .origin, .driver, .verdict, .struct_pages.start, .warns'
json builtin '.requests[] | .call, .driver, .outcome, .task.comm, (.module|tostring), (.device|tostring), .stack[].symbol'
decode builtin dmesg
of builtin '.boots[].offenders[] | .driver, .verdict, .struct_pages.start, .warns'
exit $((failures > 0))
