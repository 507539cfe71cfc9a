# arch/arm64/net/bpf_jit_comp.c
# The address of a trampoline's image is cut to 48 bits again, as it was from 6.4
# to 6.10, before "bpf, arm64: Fix trampoline for BPF_TRAMP_F_CALL_ORIG".
s/emit_a64_mov_i64(A64_R(0), (const u64)im, ctx)/emit_addr_mov_i64(A64_R(0), (const u64)im, ctx)/
