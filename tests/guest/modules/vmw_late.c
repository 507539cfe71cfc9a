// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds up the first one who adds memory sections, between its request and the kernel's
 * first WARN, until vmemmapwatch has written to the kernel log, or for five seconds. By
 * ftrace: interrupts stay on, so that another CPU can take over what waits for this one.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define ftrace_regs pt_regs
#endif

static atomic_t held;
static bool written;

static void hold(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
		 struct ftrace_regs *regs)
{
	int ms;

	if (atomic_xchg(&held, 1))
		return;
	for (ms = 0; ms < 5000 && !READ_ONCE(written); ms++)
		mdelay(1);
}

static int note(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (!strcmp(current->comm, "vmemmapwatch"))
		WRITE_ONCE(written, true);
	return 0;
}

static struct ftrace_ops adds = {
	.func = hold,
};

static struct kretprobe writes = {
	.kp.symbol_name = "devkmsg_write",
	.handler = note,
};

static int __init vmw_late_init(void)
{
	static char function[] = "__add_pages";
	int ret;

	ret = ftrace_set_filter(&adds, function, strlen(function), 1);
	if (!ret)
		ret = register_kretprobe(&writes);
	if (ret)
		return ret;
	ret = register_ftrace_function(&adds);
	if (ret)
		unregister_kretprobe(&writes);
	return ret;
}

module_init(vmw_late_init);
MODULE_DESCRIPTION("vmemmapwatch test: the kernel's WARN waits for our line");
MODULE_LICENSE("GPL");
