#include "kernel.h"

#ifndef ZVE_DIGEST
#error "compile with tools/build_kernel.py"
#endif

const char *zve_digest(void) { return ZVE_DIGEST; }
