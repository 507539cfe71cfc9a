// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf_objects: a line for each BPF program and map by its name, and for each
 * link, that the kernel holds for anybody. The kernel frees them a moment after
 * the last one lets go.
 * bpf_objects runs: a line for each program: how often it has run, as far as the
 * kernel counts it (kernel.bpf_stats_enabled), and its name.
 * bpf_objects entries: a line for each hash map: its name, how many entries it has
 * and how many it has room for.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int name(int fd, void *info, uint32_t size)
{
	union bpf_attr attr = {
		.info = { .bpf_fd = fd, .info_len = size, .info = (uintptr_t)info },
	};

	return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

/* Keys of our maps are small. */
static unsigned int count(int fd)
{
	uint64_t key[8], next[8];
	union bpf_attr attr = { .map_fd = fd, .next_key = (uintptr_t)next };
	unsigned int n;

	for (n = 0; !bpf(BPF_MAP_GET_NEXT_KEY, &attr); n++) {
		memcpy(key, next, sizeof(key));
		attr.key = (uintptr_t)key;
	}
	return n;
}

static void print_entries(int command, uint32_t id)
{
	union bpf_attr attr = { .map_id = id };
	struct bpf_map_info map = { 0 };
	int fd = bpf(command, &attr);

	if (fd < 0)
		return;
	if (!name(fd, &map, sizeof(map)) &&
	    (map.type == BPF_MAP_TYPE_HASH || map.type == BPF_MAP_TYPE_LRU_HASH))
		printf("%s %u of %u\n", map.name, count(fd), map.max_entries);
	close(fd);
}

static void print_runs(int command, uint32_t id)
{
	union bpf_attr attr = { .prog_id = id };
	struct bpf_prog_info program = { 0 };
	int fd = bpf(command, &attr);

	if (fd < 0)
		return;
	if (!name(fd, &program, sizeof(program)))
		printf("%llu %s\n", (unsigned long long)program.run_cnt, program.name);
	close(fd);
}

static void print(int command, uint32_t id)
{
	union bpf_attr attr = { .prog_id = id }; /* map_id and link_id, too */
	struct bpf_prog_info program = { 0 };
	struct bpf_map_info map = { 0 };
	int fd = bpf(command, &attr);

	if (fd < 0)
		return; /* gone since */
	if (command == BPF_PROG_GET_FD_BY_ID && !name(fd, &program, sizeof(program)))
		printf("program %s\n", program.name);
	else if (command == BPF_MAP_GET_FD_BY_ID && !name(fd, &map, sizeof(map)))
		printf("map %s\n", map.name);
	else
		printf("link %u\n", id);
	close(fd);
}

static int list(int next, int get, void (*print)(int command, uint32_t id))
{
	union bpf_attr attr = { 0 };

	for (;;) {
		if (bpf(next, &attr)) {
			if (errno == ENOENT)
				return 0;
			fprintf(stderr, "bpf_objects: %s\n", strerror(errno));
			return 1;
		}
		print(get, attr.next_id);
		attr.start_id = attr.next_id;
	}
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "entries"))
		return list(BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID, print_entries);
	if (argc > 1 && !strcmp(argv[1], "runs"))
		return list(BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID, print_runs);
	return list(BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID, print) |
	       list(BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID, print) |
	       list(BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID, print);
}
