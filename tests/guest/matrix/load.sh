#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A minute of the flood of 97-load.
LOAD_SECONDS=60 exec "$(dirname "$0")/../t/97-load.sh"
