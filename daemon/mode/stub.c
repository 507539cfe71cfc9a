#include "mode.h"
enum vmw_exit vmw_mode_keep(const struct vmw_options *options) { (void)options; return VMW_EXIT_USAGE; }
#include "mode.h"
enum vmw_exit vmw_mode_metrics(const struct vmw_options *options) { (void)options; return VMW_EXIT_USAGE; }
