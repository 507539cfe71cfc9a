# arch/arm64/include/asm/memory.h
# Without arm64's own end of the linear map, request_free_mem_region() hands out
# the top of physical memory again, as it did from 6.9 to 6.11.
/^#define \(DIRECT_MAP_\)\?PHYSMEM_END/d
