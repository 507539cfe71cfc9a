// SPDX-License-Identifier: GPL-2.0-only
/* old_name COMMAND...: COMMAND sees a kernel release of 2.6, as old programs ask for. */
#include <stdio.h>
#include <sys/personality.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argc;
	if (personality(UNAME26) < 0 || !argv[1])
		return 1;
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
