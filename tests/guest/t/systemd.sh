#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The harness with systemd as init: it boots, and each boot has a fresh root.
# check: kernels=hmm-6.1 seconds=10
. "$(dirname "$0")/../testlib.sh"
. "$top/tests/guest/booted.sh"

# What a package brings beside its program.
echo 'u tester - "A user" /' >"$work/user"
printf -- '-- 0123456789abcdef0123456789abcdef\nSubject: A catalog of ours\n\nText\n' \
	>"$work/catalog"
systemd hmm-6.1 --append nokaslr --var 64 --add "$work/user:/usr/lib/sysusers.d/tester.conf" \
	--add "$work/catalog:/usr/lib/systemd/catalog/tester.catalog"
matches "make install, its users and its catalog" "$(cat "$work/hmm-6.1/installed")" \
	'^/usr/sbin/vmemmapwatch.tester.0123456789abcdef0123456789abcdef .*A catalog of ours$'
holds "--append reaches the kernel" \
	grep -q 'KASLR disabled on command line' "$work/hmm-6.1/kernel"
matches "--var is its size" "$(cat "$work/hmm-6.1/size")" '^ *(5[0-9]|6[0-4])$'
is "modules are where modprobe looks" "$(cat "$work/hmm-6.1/probe")" found

# The root was not changed for those who come next.
boot fresh --init systemd <<'END'
. /root/guest.sh
part answer
ls /usr/lib/written
exit 42
END
is "the next root is a fresh one" "$(cat "$work/fresh/answer")" ""
is "COMMAND's own status, with systemd" "$(cat "$work/fresh/status")" 42

exit $((failures > 0))
