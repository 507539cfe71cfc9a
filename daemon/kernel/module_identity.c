// SPDX-License-Identifier: GPL-2.0-only
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <vmemmapwatch/types.h>

#include "kernel/module_identity.h"

void vmw_build_id_format(const void *note, size_t size, char ret[VMW_BUILD_ID_LEN])
{
	const unsigned char *id;
	Elf64_Nhdr head;
	u32 i;

	*ret = '\0';
	if (size < sizeof(head))
		return;
	memcpy(&head, note, sizeof(head));
	/* The name is "GNU" and its NUL. */
	if (head.n_namesz != 4 || head.n_descsz > size - sizeof(head) - 4)
		return;
	id = (const unsigned char *)note + sizeof(head) + 4;
	for (i = 0; i < head.n_descsz && 2 * i + 2 < VMW_BUILD_ID_LEN; i++)
		snprintf(ret + 2 * i, 3, "%02x", id[i]);
}

/* Returns the number of bytes; 0: there is nothing. */
static size_t read_file(const char *name, const char *file, void *bytes, size_t size)
{
	char path[160];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/sys/module/%s/%s", name, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, bytes, size);
	close(fd);
	return n < 0 ? 0 : n;
}

void vmw_module_identity_read(const char *name, struct vmw_module_identity *ret)
{
	char note[128];
	size_t n;

	memset(ret, 0, sizeof(*ret));
	n = read_file(name, "srcversion", ret->srcversion, sizeof(ret->srcversion) - 1);
	ret->srcversion[n] = '\0';
	ret->srcversion[strcspn(ret->srcversion, "\n")] = '\0';
	n = read_file(name, "notes/.note.gnu.build-id", note, sizeof(note));
	vmw_build_id_format(note, n, ret->build_id);
}
