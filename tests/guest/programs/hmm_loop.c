// SPDX-License-Identifier: GPL-2.0-only
/*
 * hmm_loop DEVICE PAGES ROUNDS [touch]: have the kernel's HMM test driver migrate
 * that many pages of this process to its device, and back by its own request or
 * because we touch them, so often. Prints how many pages went to the device. The requests are those of
 * lib/test_hmm_uapi.h, 6.1.192 and 6.12.117.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

struct command {
	uint64_t address, mirror, pages, copied, faults;
};

#define TO_DEVICE _IOWR('H', 2, struct command)
#define TO_SYSTEM _IOWR('H', 3, struct command)

static uint64_t migrate(int fd, unsigned long request, char *memory, char *mirror, size_t pages)
{
	struct command command = {
		.address = (uintptr_t)memory,
		.mirror = (uintptr_t)mirror,
		.pages = pages,
	};

	if (ioctl(fd, request, &command)) {
		fprintf(stderr, "hmm_loop: migrate: %s\n", strerror(errno));
		exit(1);
	}
	return command.copied;
}

int main(int argc, char **argv)
{
	size_t page = sysconf(_SC_PAGESIZE), pages, rounds, i, k;
	char *memory, *mirror;
	uint64_t total = 0;
	int fd;

	if (argc < 4) {
		fprintf(stderr, "hmm_loop DEVICE PAGES ROUNDS [touch]\n");
		return 2;
	}
	pages = strtoul(argv[2], NULL, 10);
	rounds = strtoul(argv[3], NULL, 10);
	fd = open(argv[1], O_RDWR);
	memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	mirror = malloc(pages * page);
	if (fd < 0 || memory == MAP_FAILED || !mirror) {
		fprintf(stderr, "hmm_loop: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	madvise(memory, pages * page, MADV_NOHUGEPAGE);
	memset(memory, 1, pages * page);
	for (i = 0; i < rounds; i++) {
		total += migrate(fd, TO_DEVICE, memory, mirror, pages);
		if (argc == 4)
			migrate(fd, TO_SYSTEM, memory, mirror, pages);
		for (k = 0; argc > 4 && k < pages; k++)
			((volatile char *)memory)[k * page]++;
	}
	printf("%llu\n", (unsigned long long)total);
	return 0;
}
