// SPDX-License-Identifier: GPL-2.0-only
#include "base/build.h"
#include "build_hash.h"

const char vmw_version[] = VMW_VERSION;
const char vmw_commit[] = VMW_COMMIT;
const char vmw_build[VMW_BUILD_LEN] = VMW_VERSION "-" VMW_BUILD_HASH;
