#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A short run of every fuzzer, 60 s in all; make fuzz is for long ones.
SECONDS_EACH=$((60 / $(find "$(dirname "$0")/../fuzz" -name 'fuzz_*.c' | wc -l))) \
	exec "$(dirname "$0")/../fuzz/run"
