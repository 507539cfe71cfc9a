// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "report/state_check.h"

#define MAX_ERRNO 4095

#define END(text) ((text)[sizeof(text) - 1] = '\0')

static bool check_bounds(const struct vmw_bounds *b)
{
	/* As vmw_layout_is_sane() has it: a struct page is 8 bytes and more. */
	return b->page_shift >= 12 && b->page_shift <= 16 && b->va_bits >= 36 &&
	       b->va_bits <= 52 && b->page_struct_size >= 8 && b->page_struct_size <= 4096;
}

static bool check_fix(struct vmw_kernel_facts *facts)
{
	END(facts->fix_why);
	END(facts->device_private_why);
	END(facts->phys_end_why);
	END(facts->parange_why);
	END(facts->kaslr_why);
	vmw_tidy_bool(&facts->device_private_known);
	vmw_tidy_bool(&facts->device_private);
	vmw_tidy_bool(&facts->no_zone_device);
	vmw_tidy_bool(&facts->kaslr_known);
	vmw_tidy_bool(&facts->kaslr);
	return (unsigned int)facts->fix < VMW_NR_FIXES && facts->parange_bits < 64;
}

bool vmw_check_meta(struct vmw_state_meta *meta)
{
	size_t i;

	for (i = 0; i < VMW_MAX_REFUSALS; i++)
		END(meta->refusals[i].driver);
	END(meta->host);
	END(meta->kernel);
	END(meta->boot_id);
	END(meta->looked.why);
	vmw_tidy_bool(&meta->looked.at_all);
	vmw_tidy_bool(&meta->looked.sections);
	vmw_tidy_bool(&meta->looked.log);
	vmw_tidy_bool(&meta->looked.log_cut);
	vmw_tidy_bool(&meta->self.bpf_stats);
	vmw_tidy_bool(&meta->losses.missed_known);
	vmw_tidy_bool(&meta->losses_before.missed_known);
	/* They are printed as their opposites, which the lowest number has not. */
	if (meta->losses_error > 0 || meta->losses_error < -MAX_ERRNO || meta->read_error > 0 ||
	    meta->read_error < -MAX_ERRNO)
		return false;
	return check_bounds(&meta->bounds) && check_fix(&meta->facts) && meta->section_shift < 40;
}

static bool check_value(struct vmw_value *value)
{
	unsigned int i;

	vmw_tidy_bool(&value->trusted);
	if (value->nr > VMW_MAX_READINGS)
		return false;
	for (i = 0; i < VMW_MAX_READINGS; i++) {
		struct vmw_reading *reading = &value->readings[i];

		vmw_tidy_bool(&reading->from_live);
		END(reading->variable);
		END(reading->where);
		if ((unsigned int)reading->source >= VMW_NR_SOURCES ||
		    (unsigned int)reading->origin >= VMW_NR_ORIGINS)
			return false;
	}
	return true;
}

bool vmw_check_layout(struct vmw_layout *layout)
{
	size_t i;

	END(layout->kernel);
	END(layout->era);
	for (i = 0; i < VMW_NR_VALUES; i++) {
		if (!check_value(&layout->values[i]))
			return false;
	}
	for (i = 0; i < VMW_NR_SOURCES; i++) {
		END(layout->sources[i].note);
		if ((unsigned int)layout->sources[i].state > VMW_SOURCE_FAILED)
			return false;
	}
	if (layout->nr_regions > VMW_MAX_REGIONS || (unsigned int)layout->trust > VMW_NR_SOURCES ||
	    (unsigned int)layout->file > VMW_FILE_JSON)
		return false;
	for (i = 0; i < layout->nr_regions; i++) {
		if ((unsigned int)layout->regions[i].kind >= VMW_NR_REGIONS)
			return false;
	}
	return true;
}

bool vmw_check_range(struct vmw_range *range)
{
	vmw_tidy_bool(&range->allowed);
	vmw_tidy_bool(&range->told);
	return range->verdict < VMW_NR_VERDICTS && range->bound <= VMW_BOUND_END;
}

static bool check_header(const struct vmw_header *header)
{
	return header->probe < VMW_MAX_PROBES && header->kind < VMW_NR_REQUEST_KINDS;
}

void vmw_check_module(struct vmw_module_seen *seen)
{
	END(seen->name);
	END(seen->version);
	END(seen->srcversion);
	vmw_tidy_bool(&seen->died);
}

bool vmw_check_request(struct vmw_request *request)
{
	END(request->driver);
	END(request->fault_symbol);
	END(request->cgroup);
	END(request->container);
	END(request->device);
	END(request->bus);
	vmw_tidy_bool(&request->denied);
	vmw_tidy_bool(&request->begun);
	vmw_tidy_bool(&request->told);
	return request->number && request->kind < VMW_NR_REQUEST_KINDS &&
	       (unsigned int)request->outcome < VMW_NR_OUTCOMES && check_header(&request->first);
}

bool vmw_check_offender(struct vmw_offender *offender)
{
	END(offender->driver);
	vmw_tidy_bool(&offender->live);
	vmw_tidy_bool(&offender->found);
	vmw_tidy_bool(&offender->made);
	vmw_tidy_bool(&offender->withdrawn);
	vmw_tidy_bool(&offender->sent_live);
	return vmw_check_range(&offender->range);
}

bool vmw_check_warn(struct vmw_warn *warn)
{
	END(warn->symbol);
	vmw_tidy_bool(&warn->foreign);
	return check_header(&warn->header);
}

bool vmw_check_site(struct vmw_site_probe *site, u64 nr_objects)
{
	END(site->name);
	END(site->function);
	END(site->problem);
	vmw_tidy_bool(&site->attached);
	return site->object < nr_objects;
}

void vmw_check_site_object(struct vmw_site_object *object)
{
	END(object->module);
	END(object->srcversion);
	END(object->build_id);
	END(object->wrong);
}

bool vmw_check_used(struct vmw_used *used)
{
	END(used->driver);
	vmw_tidy_bool(&used->lookup);
	return used->probe < VMW_MAX_PROBES && used->verdict < VMW_NR_VERDICTS &&
	       used->nr_callers <= VMW_MAX_CALLERS && check_header(&used->sample);
}

bool vmw_check_observation(struct vmw_observation *o)
{
	return check_header(&o->header) && o->verdict < VMW_NR_VERDICTS &&
	       o->bound <= VMW_BOUND_END;
}
