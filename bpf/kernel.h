/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handful of kernel types that the programs read. Only the fields that we
 * touch: CO-RE finds each by name in the running kernel's BTF, so order and
 * size here mean nothing.
 */
#ifndef VMEMMAPWATCH_BPF_KERNEL_H
#define VMEMMAPWATCH_BPF_KERNEL_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/range.h: end is inclusive. */
struct range {
	unsigned long long start;
	unsigned long long end;
};

/* include/linux/memremap.h; the other values moved, and the daemon names them. */
enum memory_type {
	MEMORY_DEVICE_PRIVATE = 1,
};

struct dev_pagemap {
	enum memory_type type;
	unsigned int flags;
	void *owner;
	int nr_range;
	struct range range; /* the first of nr_range, in a union there */
};

/* include/linux/migrate.h */
struct migrate_vma {
	unsigned long *dst;
	unsigned long *src;
	unsigned long npages;
};

/* include/linux/hmm.h */
struct hmm_range {
	unsigned long start;
	unsigned long end;
	unsigned long *hmm_pfns;
};

/* include/linux/mm.h */
struct vm_fault {
	struct page *page;
};

/* include/linux/kernfs.h; parent is __parent since 6.15 */
struct kernfs_node {
	const char *name;
	struct kernfs_node *parent;
};

struct kernfs_node___new {
	struct kernfs_node___new *__parent;
};

/* include/linux/cgroup-defs.h */
struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

/* include/linux/llist.h */
struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

/* include/linux/kprobes.h, include/linux/rethook.h: return probes under way. */
struct kretprobe_instance {
	struct llist_node llist;
	void *ret_addr;
};

struct rethook_node {
	struct llist_node llist;
	unsigned long ret_addr;
};

/* include/linux/sched.h */
struct task_struct {
	int exit_code;
	struct css_set *cgroups;
	struct llist_head kretprobe_instances; /* since 5.11 */
	struct llist_head rethooks;	       /* instead, where kretprobes use them */
};

/* include/linux/device.h, include/linux/kobject.h, include/linux/device/bus.h */
struct kobject {
	const char *name;
};

struct bus_type {
	const char *name;
};

struct device {
	struct kobject kobj;
	const struct bus_type *bus;
};

/* include/linux/ioport.h: end is inclusive. */
struct resource {
	unsigned long long start;
	unsigned long long end;
};

/* include/linux/module.h up to 6.3: code and data in two blocks. */
struct module_layout {
	void *base;
	unsigned int size;
	unsigned int text_size;
};

struct module {
	char name[56];
	const char *version;
	const char *srcversion;
	unsigned long taints;
	int (*init)(void);
	struct module_layout core_layout;
	struct module_layout init_layout;
};

/* From 6.4 on a block for each kind of memory. */
enum mod_mem_type {
	MOD_TEXT = 0,
	MOD_INIT_TEXT = 4,
};

struct module_memory {
	void *base;
	unsigned int size;
};

struct module___new {
	struct module_memory mem[7];
};

/* arch/arm64/include/asm/ptrace.h */
struct pt_regs {
	unsigned long long pc;
};

#pragma clang attribute pop

/* include/linux/hmm.h: 56 in 5.10 to 6.12, 53 in 7.2; asked for by name. */
enum hmm_pfn_flags {
	HMM_PFN_ORDER_SHIFT = 56,
};

/*
 * include/trace/events/error_report.h: ERROR_DETECTOR_WARN came in 5.16-5.17
 * (absent 5.15.135, present 5.17.0), so its value is asked for by name.
 */
enum error_detector {
	ERROR_DETECTOR_KFENCE,
	ERROR_DETECTOR_KASAN,
	ERROR_DETECTOR_WARN,
};

/* The context of a kprobe: user ABI, fixed (arch/arm64/include/uapi/asm/ptrace.h). */
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
};

#endif
