# SPDX-License-Identifier: GPL-2.0-only
# touch.sh FIRST STRIDE COUNT ROUNDS: have vmw_touch() called with each of COUNT
# addresses once, then the same ROUNDS times, and print what a call of the latter
# took in ns, and the number of all.
file=/sys/kernel/debug/vmw_touch
echo "$1 $2 $3 1" >$file
echo "$1 $2 $3 $4" >$file
awk -v warm="$3" '{ printf "%.2f %d\n", $1 / $2, $2 + warm }' $file
/root/now >/root/out/end
