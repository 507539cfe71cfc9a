/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The probe table for the manual: only run through the preprocessor, whose output
 * ends in "KIND kind name" for each kind and "ROW symbol kind class heat meaning"
 * for each row.
 */
#include <vmemmapwatch/probes.h>

#define VMW_PROBE(id, symbol, point, class, meaning) ROW symbol request class - meaning
#define VMW_CALLER(name, symbol, kind, a, b, class, heat, prototypes, meaning) \
	ROW symbol kind class heat meaning
#define VMW_RETURN(name, symbol, kind, a, class, heat, prototypes, meaning) \
	ROW symbol kind class heat meaning

#define VMW_KIND(kind, name) ROW KIND kind name

VMW_KINDS(VMW_KIND)
VMW_RETURN_KINDS(VMW_KIND)
VMW_PROBES(VMW_PROBE)
VMW_CALLERS(VMW_CALLER)
VMW_RETURNS(VMW_RETURN)
ROW
