#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The flood of t/load.sh, with nothing beside it: then fast clients get their lines at
# 2,000 a second.
# check: kernels=hmm-6.1 seconds=120 alone
LOAD_RATE=2000 exec "$(dirname "$0")/../t/load.sh"
