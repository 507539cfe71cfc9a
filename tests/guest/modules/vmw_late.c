// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds up the first one who adds memory sections, between its request and the kernel's
 * first WARN, until vmemmapwatch has written to the kernel log, or for five seconds.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

static atomic_t held;
static bool written;

static int hold(struct kprobe *probe, struct pt_regs *regs)
{
	int ms;

	if (atomic_xchg(&held, 1))
		return 0;
	for (ms = 0; ms < 5000 && !READ_ONCE(written); ms++)
		mdelay(1);
	return 0;
}

static int note(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (!strcmp(current->comm, "vmemmapwatch"))
		WRITE_ONCE(written, true);
	return 0;
}

static struct kprobe adds = {
	.symbol_name = "sparse_add_section",
	.pre_handler = hold,
};

static struct kretprobe writes = {
	.kp.symbol_name = "devkmsg_write",
	.handler = note,
};

static int __init vmw_late_init(void)
{
	int ret;

	ret = register_kretprobe(&writes);
	if (ret)
		return ret;
	ret = register_kprobe(&adds);
	if (ret)
		unregister_kretprobe(&writes);
	return ret;
}

module_init(vmw_late_init);
MODULE_DESCRIPTION("vmemmapwatch test: the kernel's WARN waits for our line");
MODULE_LICENSE("GPL");
