// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds up the first one who adds memory sections, between its request and the kernel's
 * first WARN, until vmemmapwatch has written to the kernel log, or for five seconds.
 * Nothing else runs on the CPU that is held, and a real-time task that waits for it is not
 * taken to another one: so who loads a driver gets CPU 0, and vmemmapwatch CPU 1.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define ftrace_regs pt_regs
#endif

#define OURS "vmemmapwatch"

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
	if (!strcmp(current->comm, OURS))
		WRITE_ONCE(written, true);
	return 0;
}

/* One of ours that is not on CPU 1 yet, with a reference, or NULL. */
static struct task_struct *next_to_move(void)
{
	struct task_struct *process, *task;

	rcu_read_lock();
	for_each_process_thread (process, task) {
		if (!strcmp(task->comm, OURS) && !cpumask_equal(task->cpus_ptr, cpumask_of(1))) {
			get_task_struct(task);
			goto out;
		}
	}
	task = NULL;
out:
	rcu_read_unlock();
	return task;
}

static int part(struct notifier_block *block, unsigned long state, void *module)
{
	struct task_struct *task;
	int ret = 0;

	if (state != MODULE_STATE_COMING)
		return NOTIFY_DONE;
	while (!ret && (task = next_to_move())) {
		ret = set_cpus_allowed_ptr(task, cpumask_of(1));
		put_task_struct(task);
	}
	if (!ret)
		ret = set_cpus_allowed_ptr(current, cpumask_of(0));
	return notifier_from_errno(ret);
}

static struct notifier_block loads = {
	.notifier_call = part,
};

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
	if (ret)
		return ret;
	ret = register_kretprobe(&writes);
	if (ret)
		return ret;
	ret = register_module_notifier(&loads);
	if (ret)
		goto out_kretprobe;
	ret = register_ftrace_function(&adds);
	if (ret)
		goto out_notifier;
	return 0;

out_notifier:
	unregister_module_notifier(&loads);
out_kretprobe:
	unregister_kretprobe(&writes);
	return ret;
}

module_init(vmw_late_init);
MODULE_DESCRIPTION("vmemmapwatch test: the kernel's WARN waits for our line");
MODULE_LICENSE("GPL");
