// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmw_touch(page): a function to probe, called with addresses that it never
 * looks at, so that no memory is needed for them. Writing "FIRST STRIDE COUNT
 * ROUNDS" (the first two in hex) to the file vmw_touch of debugfs calls it
 * ROUNDS times with each of COUNT addresses; reading gives the nanoseconds that
 * took, and the number of calls.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/ktime.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

static struct dentry *file;
static u64 took_ns, calls;

void vmw_touch(struct page *page);

noinline __noclone void vmw_touch(struct page *page)
{
	/* The argument is used, and the call has an effect. */
	asm volatile("" : : "r"(page) : "memory");
}

static void touch_all(u64 first, u64 stride, u64 count, u64 rounds)
{
	u64 start = ktime_get_ns();
	u64 round, i;

	for (round = 0; round < rounds; round++) {
		for (i = 0; i < count; i++)
			vmw_touch((struct page *)(first + i * stride));
		cond_resched();
	}
	took_ns = ktime_get_ns() - start;
	calls = count * rounds;
}

static ssize_t vmw_touch_write(struct file *f, const char __user *from, size_t size, loff_t *at)
{
	u64 first, stride, count, rounds;
	char text[100] = "";

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	if (sscanf(text, "%llx %llx %llu %llu", &first, &stride, &count, &rounds) != 4)
		return -EINVAL;
	touch_all(first, stride, count, rounds);
	return size;
}

static ssize_t vmw_touch_read(struct file *f, char __user *to, size_t size, loff_t *at)
{
	char text[50];
	int n = scnprintf(text, sizeof(text), "%llu %llu\n", took_ns, calls);

	return simple_read_from_buffer(to, size, at, text, n);
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.read = vmw_touch_read,
	.write = vmw_touch_write,
};

static int __init vmw_touch_init(void)
{
	file = debugfs_create_file("vmw_touch", 0600, NULL, NULL, &operations);
	return PTR_ERR_OR_ZERO(file);
}

static void __exit vmw_touch_exit(void)
{
	debugfs_remove(file);
}

module_init(vmw_touch_init);
module_exit(vmw_touch_exit);
MODULE_DESCRIPTION("vmemmapwatch test: a function that takes a page");
MODULE_LICENSE("GPL");
