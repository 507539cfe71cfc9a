/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard: an fentry link of our own that is attached before all others and
 * closed after them, and before any program.
 *
 * A task that was preempted in a trampoline may still call the program there after
 * the link has gone (kernels before 7.2.10: the program is freed after an RCU grace
 * period, bpf_link_free() and __bpf_prog_put_noref(), kernel/bpf/syscall.c 6.12.117,
 * which does not wait for such a task). Closing the last link of a function waits
 * for RCU tasks, and so for all such tasks (ftrace_shutdown(), kernel/trace/ftrace.c
 * 6.12.117); closing one of several links of a function does not
 * (__modify_ftrace_direct()). The guard is the only link of its function.
 *
 * A process that ends by a signal, or crashes, closes its fds from the highest to
 * the lowest (close_files(), fs/file.c, queues them in ascending order;
 * task_work_run(), kernel/task_work.c 6.1.192, runs the last one first). So the fds
 * have to be made in this order: maps, programs, guard, links.
 */
#ifndef VMEMMAPWATCH_PROBE_GUARD_H
#define VMEMMAPWATCH_PROBE_GUARD_H

#include <bpf/btf.h>
#include <linux/types.h>

/*
 * The BTF id of the function for it, which nothing but a self-test of BPF calls. 0:
 * this kernel needs no guard (struct bpf_prog_aux has tramp_linked), or has no such
 * function.
 */
__u32 vmw_guard_function(const struct btf *btf);

/* Load an fentry program for @function that does nothing. An fd or a negative errno. */
int vmw_load_nothing(__u32 function);

/* The fd of a link to @function; -1 where @function is 0 or this kernel has no fentry. */
int vmw_guard_attach(__u32 function);

#endif
