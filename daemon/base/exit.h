/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exit codes; vmemmapwatch(8) lists them for users. --support and --preflight answer
 * a question: 0 no, 1 yes, 5 not known, 6 nothing was asked; 2, 3 and 4 are as for all.
 */
#ifndef VMEMMAPWATCH_BASE_EXIT_H
#define VMEMMAPWATCH_BASE_EXIT_H

enum vmw_exit {
	VMW_EXIT_CLEAN = 0,	  /* no offender */
	VMW_EXIT_OFFENDER = 1,	  /* at least one, whatever else happened */
	VMW_EXIT_USAGE = 2,	  /* usage, COMMAND or output unusable */
	VMW_EXIT_UNTRACEABLE = 3, /* this kernel or this user cannot trace */
	VMW_EXIT_BOUNDS = 4,	  /* sources of the bounds disagree */
	VMW_EXIT_LOST = 5,	  /* none seen, but something was lost */
	VMW_EXIT_UNTESTED = 6,	  /* none seen, but nothing was tested: not with 1 or 5 */
};

#endif
