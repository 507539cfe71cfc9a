#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --preflight against the truth on fifty boots of hmm-6.1 with KASLR, 25 for each CPU,
# of the kernel's own driver and of one that asks for other sizes; ten of
# hmm-6.12-uncured; and 5.10, 39 bits, pages of 64K, and a cured kernel.
. "$(dirname "$0")/../testlib.sh"
. "$(dirname "$0")/../preflight.sh"

hmm='insmod $test_hmm'
# Sizes in MiB, for vmw_ask: what is asked for, and what 6.1 goes down by.
other=("128" "512 128" "64 384 128" "1024 256" "640")
memory=(640 1024 1536 2048 3072)

# boots KERNEL CPU N: with fixed seeds, every third of another size.
boots() {
	local row=$1 cpu=$2 n=$3 i seed sizes mib options seeds=
	use "$row"
	for ((i = 1; i <= n; i++)); do
		seed=$((i * 2654435761 % 4294967296))
		seeds+=" $seed"
		options=(--cpu "$cpu" --seed $seed --memory "${memory[$((i % 5))]}")
		if ((i % 3)); then
			check_preflight "$row-$cpu-$seed" hmm_dmirror "$hmm" "256M 256M" -- "${options[@]}"
			continue
		fi
		sizes= mib=
		for size in ${other[$((i / 3 % 5))]}; do
			mib+=" ${size}M" sizes+=,$((size << 20))
		done
		check_preflight "$row-$cpu-$seed" vmw_ask "insmod vmw_ask.ko size=${sizes#,}" \
			"${mib# }" -- "${options[@]}"
	done
	say "$row, $cpu, seeds:$seeds"
}

boots hmm-6.1 cortex-a72 "${BOOTS:-25}"
boots hmm-6.1 neoverse-n1 "${BOOTS:-25}"
boots hmm-6.12-uncured cortex-a72 5
boots hmm-6.12-uncured neoverse-n1 5
boots hmm-5.10 cortex-a72 3
boots hmm-5.10 neoverse-n1 2
boots hmm-6.1-39bit cortex-a72 2
boots hmm-6.1-64k neoverse-n1 2
boots hmm-6.12 cortex-a72 2
# Sizes that are no whole sections, and one that an earlier one is in the way of.
use hmm-6.1
check_preflight sizes vmw_ask "insmod vmw_ask.ko size=0x2000000,0x18000000,0x10000000" \
	"32M 0x18000000 268435456" -- --append nokaslr
use hmm-6.12-uncured
check_preflight uncured-6.12 hmm_dmirror "$hmm" "256M 256M" -- --cpu cortex-a72 --seed 12345
check_preflight claimed-6.12 hmm_dmirror "$hmm" "256M 256M" claim -- --cpu neoverse-n1 --seed 3
exit $((failures > 0))
