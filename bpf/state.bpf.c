// SPDX-License-Identifier: GPL-2.0-only
/* The maps and constants that all programs share, and the stack record. */
#include "module.h"

char LICENSE[] SEC("license") = "GPL";

struct vmw_ring ring SEC(".maps");
struct vmw_losses losses SEC(".maps");
struct vmw_inflights inflights SEC(".maps");
struct vmw_warneds warneds SEC(".maps");
struct vmw_bindings bindings SEC(".maps");
struct vmw_asks asks SEC(".maps");
struct vmw_calls calls SEC(".maps");
struct vmw_loadings loadings SEC(".maps");
struct vmw_canaries canaries SEC(".maps");

const volatile struct vmw_bounds bounds = {};
const volatile struct vmw_text warn_text[VMW_MAX_WARN_TEXTS] = {};
const volatile u64 trampolines[VMW_MAX_TRAMPOLINES] = {};
