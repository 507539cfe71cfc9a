#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A short run of every fuzzer, FUZZ_RUNS inputs (500; -1: no end) in at most
# FUZZ_SECONDS_EACH (1); make fuzz is for long ones.
# check: seconds=65
RUNS=${FUZZ_RUNS:-500} SECONDS_EACH=${FUZZ_SECONDS_EACH:-1} exec "$(dirname "$0")/../fuzz/run"
