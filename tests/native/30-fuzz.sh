#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A short run of every fuzzer, FUZZ_SECONDS in all (16); make fuzz is for long ones.
# check: seconds=75
each=$((${FUZZ_SECONDS:-16} / $(find "$(dirname "$0")/../fuzz" -name 'fuzz_*.c' | wc -l)))
# 0 would be without an end.
SECONDS_EACH=$((each > 0 ? each : 1)) exec "$(dirname "$0")/../fuzz/run"
