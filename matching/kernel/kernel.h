/* What all files of the kernel share. Every exported function is named zve_... and declared ZVE. */
#ifndef ZVE_KERNEL_H
#define ZVE_KERNEL_H

#include <stdint.h>

#define ZVE __attribute__((visibility("default")))

/* The digest of the sources that this was compiled from: matching/kernel/sources.py. */
ZVE const char *zve_digest(void);

#endif
