/* SPDX-License-Identifier: GPL-2.0-only */
/* What registers hold, from one instruction to the next, and what is complete by that. */
#ifndef VMEMMAPWATCH_KERNEL_CODE_STATE_H
#define VMEMMAPWATCH_KERNEL_CODE_STATE_H

#include "kernel/a64.h"
#include "kernel/code_value.h"

/* A value for each register; that of the zero register is 0. */
struct vmw_code_state {
	struct vmw_code_value regs[VMW_A64_NR + 1];
	bool reached;
};

enum vmw_code_kind {
	VMW_CODE_NOTHING,
	VMW_CODE_PFN_TO_PAGE,
	VMW_CODE_PAGE_TO_PFN,
	VMW_CODE_PA,
	VMW_CODE_VA,
	VMW_CODE_UNCLASSIFIED,
	VMW_CODE_NR_KINDS,
};

/* What one instruction made. */
struct vmw_code_effect {
	enum vmw_code_kind kind;    /* a conversion that is complete here */
	enum vmw_code_kind partly;  /* what it is where nothing more is done with it */
	struct vmw_code_value made; /* the value that is complete, or what was computed */
	u64 operands;		    /* @made_by of what is no constant among them, added up */
	bool computed;		    /* @made is the result of ADD, SUB and their kind */
	bool in_address;	    /* it is the address of a load or store, in no register */
	s64 before; /* @k of an operand that was as complete as @made; 0: none */
	bool loads; /* memstart_addr, or its address from an ADD */
};

/* Nothing is known of any register. */
void vmw_code_state_init(struct vmw_code_state *state);

/*
 * Run @insn at address @at on @state. What is complete becomes unknown, so that it is not
 * complete a second time. Where it reads memstart_addr the caller gives the value its
 * origin.
 */
void vmw_code_step(struct vmw_code_state *state, const struct vmw_a64 *insn, u64 at,
		   const struct vmw_code_model *model, struct vmw_code_effect *effect);

/*
 * Merge @from into @into, which is not reached before the first one: what matters for a
 * conversion stays where the other one does not. vmw_code_settle() after the last one,
 * with the address of what is run then.
 */
void vmw_code_merge(struct vmw_code_state *into, const struct vmw_code_state *from,
		    const struct vmw_code_model *model);
void vmw_code_settle(struct vmw_code_state *state, u64 at);

bool vmw_code_same(const struct vmw_code_state *a, const struct vmw_code_state *b);

#endif
