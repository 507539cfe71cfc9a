// SPDX-License-Identifier: GPL-2.0-only
/*
 * empty fentry|kprobe FUNCTION COMMAND...: run COMMAND while a BPF program that
 * does nothing is attached to FUNCTION: what no tool on BPF can be below.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>

static const struct bpf_insn nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

static int attach_fentry(const char *function)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY);
	int id = libbpf_find_vmlinux_btf_id(function, BPF_TRACE_FENTRY);
	int fd;

	if (id < 0)
		return id;
	opts.attach_btf_id = id;
	fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "empty", "GPL", nothing, 2, &opts);
	return fd < 0 ? fd : bpf_raw_tracepoint_open(NULL, fd);
}

/* The number of the kprobe PMU, which the kernel gives at boot. */
static int kprobe_type(void)
{
	FILE *file = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	int type;

	if (!file || fscanf(file, "%d", &type) != 1)
		type = -ENOENT;
	if (file)
		fclose(file);
	return type;
}

static int attach_kprobe(const char *function)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.config1 = (unsigned long)function,
	};
	int fd, event, type = kprobe_type();

	if (type < 0)
		return type;
	attr.type = type;
	event = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		return -errno;
	fd = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "empty", "GPL", nothing, 2, NULL);
	return fd < 0 ? fd : bpf_link_create(fd, event, BPF_PERF_EVENT, NULL);
}

int main(int argc, char **argv)
{
	int link, status;

	if (argc < 4) {
		fprintf(stderr, "empty fentry|kprobe FUNCTION COMMAND...\n");
		return 2;
	}
	link = strcmp(argv[1], "fentry") ? attach_kprobe(argv[2]) : attach_fentry(argv[2]);
	if (link < 0) {
		fprintf(stderr, "empty: %s of %s: %s\n", argv[1], argv[2], strerror(-link));
		return 1;
	}
	if (!fork()) {
		execvp(argv[3], argv + 3);
		fprintf(stderr, "empty: %s: %s\n", argv[3], strerror(errno));
		_exit(127);
	}
	return wait(&status) < 0 || status;
}
