/* A row as matching/rows.py lays it out, and what rules and terms are computed from. */
#ifndef ZVE_ROWS_H
#define ZVE_ROWS_H

#include <stdint.h>

typedef struct {
    uint64_t id_hi, id_lo, person_hi, person_lo, categories, bits;
    uint32_t slots_kinds, languages;
    int32_t cell, organisation;
    int16_t municipality, minutes;
    int16_t km; /* an offer's radius, a request's most */
    union {
        int16_t load;         /* offer */
        int16_t days_waiting; /* request */
    };
    union {
        struct { /* offer */
            int16_t load_limit, proposals, proposal_cap, last_proposed;
        };
        struct { /* request */
            uint32_t skills_wished;
            int8_t urgency;
            uint8_t vulnerable;
            uint16_t spare;
        };
    };
} zve_row;

_Static_assert(sizeof(zve_row) == 80, "a row is 80 bytes");

/* One row's searches look at rows of the other kind, in compressed sparse rows: matching/grid.py. */
typedef struct {
    const zve_row *rows;  /* by cell */
    const zve_row *added; /* since the last rebuild */
    const int32_t *entries, *category_starts, *cell_starts;
    const int16_t *municipality_numbers;
    const uint8_t *open_borders;
    const double *north_m, *east_m, *sin_rows, *sin_columns, *cos_columns;
    const int32_t *key_starts, *key_numbers; /* matching/keys.py */
    double stretch;
    uint64_t seed;
    int32_t built, added_count;
    int32_t first_row, first_column, height, width;
    int32_t municipalities; /* the width of open_borders */
    int32_t key_shift;
    int32_t of_offers; /* whether the rows are offers */
    int32_t columns;   /* of the whole world */
} zve_index;

#define SLOT_MASK ((1u << 28) - 1)
#define SKILL_MASK 0xFFFFFFFFull
#define CROSSES (1ull << 62)
#define EXCLUDES (1ull << 63)
#define NEEDS_MASK (CROSSES - 1)
#define STRIDE 2048

#endif
