/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file as text: gzip, xz and zstd are unpacked, UTF-16 becomes UTF-8. In little memory,
 * and no more than a limit of what a small file can claim to be.
 */
#ifndef VMEMMAPWATCH_BASE_PACKED_H
#define VMEMMAPWATCH_BASE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define VMW_MAX_UNPACKED (1ULL << 30) /* bytes of a packed file */

struct vmw_packed;

/* Read from @fd, which stays the caller's. NULL: no memory. */
struct vmw_packed *vmw_packed_new(int fd);
void vmw_packed_free(struct vmw_packed *packed);

/*
 * At most @size bytes to @buffer: how many, 0 at the end, or a negative errno of reading.
 * What cannot be unpacked ends it, too: vmw_packed_why() tells.
 */
ssize_t vmw_packed_read(struct vmw_packed *packed, char *buffer, size_t size);

/* Why there is more than was read, one line; or "". */
const char *vmw_packed_why(const struct vmw_packed *packed);

/* "gzip", "xz", "zstd", or "" where it is not packed. */
const char *vmw_packed_name(const struct vmw_packed *packed);

#endif
