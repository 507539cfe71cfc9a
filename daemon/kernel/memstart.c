// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "kernel/a64.h"
#include "kernel/memstart.h"

#define MAX_VARIABLES 256
#define MIN_HITS      4

struct count {
	u64 variables[MAX_VARIABLES];
	size_t hits[MAX_VARIABLES];
	size_t nr;
};

/* What registers hold, along the instructions as they lie. */
struct walk {
	u64 pages[VMW_A64_NR + 1];  /* made by ADRP */
	u64 loaded[VMW_A64_NR + 1]; /* the address it was loaded from */
};

static void hit(struct count *count, u64 variable)
{
	size_t i;

	for (i = 0; i < count->nr && count->variables[i] != variable; i++)
		;
	if (i == MAX_VARIABLES)
		return;
	if (i == count->nr) {
		count->variables[i] = variable;
		count->hits[count->nr++] = 0;
	}
	count->hits[i]++;
}

static bool is_page_shift(const struct vmw_a64 *insn)
{
	return insn->shift == 12 || insn->shift == 14 || insn->shift == 16;
}

static void step(struct walk *w, const struct vmw_a64 *i, bool adrp, struct count *count)
{
	u64 page = w->pages[i->rn], variable = 0;
	u32 n;

	if (i->op == VMW_A64_ASR && is_page_shift(i) && w->loaded[i->rn])
		hit(count, w->loaded[i->rn]);
	if ((i->op == VMW_A64_ADD || i->op == VMW_A64_SUB) && i->right == VMW_A64_SHIFT_ASR &&
	    is_page_shift(i) && w->loaded[i->rm])
		hit(count, w->loaded[i->rm]);
	if (i->op == VMW_A64_LDR && page)
		variable = page + i->imm;
	for (n = 0; n < VMW_A64_NR; n++) {
		if (i->writes & 1U << n)
			w->pages[n] = w->loaded[n] = 0;
	}
	if (adrp)
		w->pages[i->rd] = i->imm;
	else if (i->rd < VMW_A64_NR)
		w->loaded[i->rd] = variable ? variable : w->loaded[i->rd];
}

static void count_in(const u32 *code, size_t n, u64 at, struct count *count)
{
	struct walk walk = { 0 };
	struct vmw_a64 insn;
	size_t i;
	u64 page;

	for (i = 0; i < n; i++) {
		vmw_a64_decode(code[i], at + 4 * i, &insn);
		step(&walk, &insn, vmw_a64_adrp(code[i], at + 4 * i, &page), count);
		walk.pages[VMW_A64_ZR] = walk.loaded[VMW_A64_ZR] = 0;
	}
}

int vmw_guess_memstart(const struct vmw_object *object, u64 *ret, size_t *ret_hits)
{
	struct count count = { .nr = 0 };
	size_t i, best = 0, second = 0;

	for (i = 0; i < object->nr_functions; i++) {
		const struct vmw_object_function *f = &object->functions[i];
		const u32 *code;
		size_t n;

		code = vmw_object_code(object, f, &n);
		count_in(code, n, f->start, &count);
	}
	for (i = 0; i < count.nr; i++) {
		if (count.hits[i] > best) {
			second = best;
			best = count.hits[i];
			*ret = count.variables[i];
		} else if (count.hits[i] > second) {
			second = count.hits[i];
		}
	}
	*ret_hits = best;
	return best >= MIN_HITS && best > 2 * second ? 0 : -ENOENT;
}
