// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/kcore.h"

/* A page of notes is what the kernel writes; more is no /proc/kcore. */
#define MAX_NOTES     (1 << 20)
#define NOTE_ALIGN(n) (((n) + 3) & ~(size_t)3)

static int read_all(int fd, void *buffer, size_t size, off_t offset)
{
	char *at = buffer;

	while (size) {
		ssize_t n = pread(fd, at, size, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return -EIO;
		at += n;
		offset += n;
		size -= n;
	}
	return 0;
}

int vmw_kcore_open(struct vmw_kcore *kcore, const char *path)
{
	Elf64_Ehdr header;
	size_t size;
	int err;

	memset(kcore, 0, sizeof(*kcore));
	kcore->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (kcore->fd < 0)
		return -errno;
	err = read_all(kcore->fd, &header, sizeof(header), 0);
	if (err)
		return err;
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_type != ET_CORE || header.e_phentsize != sizeof(Elf64_Phdr))
		return -EBADMSG;
	size = (size_t)header.e_phnum * sizeof(Elf64_Phdr);
	kcore->segments = malloc(size ? size : 1);
	if (!kcore->segments)
		return -ENOMEM;
	err = read_all(kcore->fd, kcore->segments, size, header.e_phoff);
	if (err)
		return err;
	kcore->nr_segments = header.e_phnum;
	return 0;
}

void vmw_kcore_close(struct vmw_kcore *kcore)
{
	if (kcore->fd >= 0)
		close(kcore->fd);
	free(kcore->segments);
	kcore->segments = NULL;
	kcore->nr_segments = 0;
	kcore->fd = -1;
}

/* Look through the @size bytes of notes at @notes; the kernel pads to 4. */
static int find_note(const char *notes, size_t size, const char *name, char **ret_text)
{
	size_t at = 0;

	while (size - at >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr note;
		size_t name_size, text_size;

		memcpy(&note, notes + at, sizeof(note));
		at += sizeof(note);
		name_size = NOTE_ALIGN((size_t)note.n_namesz);
		text_size = NOTE_ALIGN((size_t)note.n_descsz);
		if (name_size > size - at || note.n_descsz > size - at - name_size)
			return -EBADMSG;
		if (note.n_namesz == strlen(name) + 1 &&
		    !memcmp(notes + at, name, note.n_namesz)) {
			*ret_text = strndup(notes + at + name_size, note.n_descsz);
			return *ret_text ? 0 : -ENOMEM;
		}
		at += name_size;
		at += text_size < size - at ? text_size : size - at;
	}
	return -ENOENT;
}

int vmw_kcore_note(const struct vmw_kcore *kcore, const char *name, char **ret_text)
{
	size_t i;

	for (i = 0; i < kcore->nr_segments; i++) {
		const Elf64_Phdr *segment = &kcore->segments[i];
		char *notes;
		int err;

		if (segment->p_type != PT_NOTE)
			continue;
		if (segment->p_filesz > MAX_NOTES)
			return -EBADMSG;
		notes = malloc(segment->p_filesz + 1);
		if (!notes)
			return -ENOMEM;
		err = read_all(kcore->fd, notes, segment->p_filesz, segment->p_offset);
		if (!err)
			err = find_note(notes, segment->p_filesz, name, ret_text);
		free(notes);
		if (err != -ENOENT)
			return err;
	}
	return -ENOENT;
}

int vmw_kcore_read(const struct vmw_kcore *kcore, u64 address, void *buffer, size_t size)
{
	size_t i;

	for (i = 0; i < kcore->nr_segments; i++) {
		const Elf64_Phdr *segment = &kcore->segments[i];
		u64 offset = address - segment->p_vaddr;

		if (segment->p_type != PT_LOAD || address < segment->p_vaddr ||
		    offset >= segment->p_memsz || size > segment->p_memsz - offset)
			continue;
		return read_all(kcore->fd, buffer, size, segment->p_offset + offset);
	}
	return -EFAULT;
}
