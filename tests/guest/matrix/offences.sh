#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The bug in other address spaces: 39 bits, where the request wraps beyond the
# user half, and 64K pages, of 48 and 52 bits; and where clang built the kernel. What is
# right is computed from each boot's own note.
. "$(dirname "$0")/../testlib.sh"
. "$(dirname "$0")/../offence.sh"

for row in hmm-6.1-39bit hmm-6.1-64k; do
	use $row
	for cpu in cortex-a72 neoverse-n1; do
		check_offence $row-$cpu-nokaslr any any --cpu $cpu --append nokaslr
		check_offence $row-$cpu-kaslr any any --cpu $cpu --seed 31337
	done
done
for row in hmm-6.1-64k-52bit hmm-6.1-clang; do
	use $row
	check_offence $row-nokaslr any any --cpu max --append nokaslr
	check_offence $row-kaslr any any --cpu max,pauth-impdef=on --seed 31337
done
exit $((failures > 0))
