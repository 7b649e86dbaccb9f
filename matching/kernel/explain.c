/* The terms of one row beside rows named by their keys: matching/explain.py. */
#include "kernel.h"
#include "score.h"

enum { ABSENT = -1, SOUGHT = -2 };

ZVE int zve_explain(
    const zve_index *index, const zve_row *row, const uint64_t *keys, const int32_t *numbers, int count, int32_t *out);

/* The row number of a key as of the last rebuild: matching/keys.py. */
static int32_t find(const zve_index *index, uint64_t high, uint64_t low) {
    uint64_t bucket = mix(mix(high) ^ low) >> index->key_shift;
    for (int32_t at = index->key_starts[bucket]; at < index->key_starts[bucket + 1]; at++) {
        const zve_row *row = &index->rows[index->key_numbers[at]];
        if (row->id_hi == high && row->id_lo == low) return index->key_numbers[at];
    }
    return ABSENT;
}

/* Per key the metres and the terms; -1 metres for a key that no row has. `numbers` may know a row already.
   How many keys were found. */
int zve_explain(
    const zve_index *index, const zve_row *row, const uint64_t *keys, const int32_t *numbers, int count, int32_t *out) {
    int found = 0;
    for (int at = 0; at < count; at++, out += 1 + TERMS) {
        int32_t number = numbers[at] == SOUGHT ? find(index, keys[2 * at], keys[2 * at + 1]) : numbers[at];
        out[0] = -1;
        if (number == ABSENT) continue;
        const zve_row *other = number < index->built ? &index->rows[number] : &index->added[number - index->built];
        out[0] = metres_between(index, row->cell, other->cell);
        if (index->of_offers) score_terms(row, other, out[0], out + 1);
        else score_terms(other, row, out[0], out + 1);
        found++;
    }
    return found;
}
