/* The best k rows for one row, exact and in order: what matching/search.py does with numpy.

   Rows of cells are visited from the nearest outwards. Once k are found, no cell is looked at whose distance
   alone already costs more than the worst of them leaves: the score's other terms have a bound for this row. */
#include <string.h>

#include "kernel.h"
#include "score.h"

typedef struct {
    uint64_t id_hi, id_lo, person_hi, person_lo, tie;
    int32_t score, metres;
} zve_match;

typedef struct {
    const zve_row *row;
    zve_match *best;
    int32_t k;
    const uint64_t *shunned;
    int32_t shunned_count;
    const int32_t *shunned_by;
    int32_t shunned_by_count;
} zve_search;

typedef struct {
    const zve_index *index;
    const zve_search *search;
    int found, beside_distance;
    int32_t cell, metres; /* of the last cell looked at */
} state;

ZVE int zve_top_k(
    const zve_index *index, const zve_row *row, zve_match *best, int k, const uint64_t *shunned, int shunned_count,
    const int32_t *shunned_by, int shunned_by_count);

static inline int comes_before(const zve_match *one, const zve_match *other) {
    if (one->score != other->score) return one->score > other->score;
    if (one->tie != other->tie) return one->tie < other->tie;
    if (one->id_hi != other->id_hi) return one->id_hi < other->id_hi;
    return one->id_lo < other->id_lo;
}

static inline int same_person(const zve_match *one, const zve_match *other) {
    return one->person_hi == other->person_hi && one->person_lo == other->person_lo;
}

/* The farthest, in metres, at which a pair may still come among the best; below 0: none at all. */
static inline int limit_m(const state *now, int bonus) {
    int far = 1000 * now->search->row->km;
    if (now->found < now->search->k) return far;
    int needed = now->search->best[now->found - 1].score - now->beside_distance - bonus;
    return needed <= 0 ? far : least(far, METRES_PER_POINT * (NEAR_POINTS - needed + 1) - 1);
}

static int keep_apart(const state *now, const zve_row *row, int32_t number) {
    const zve_search *search = now->search;
    if (row->person_lo == search->row->person_lo && row->person_hi == search->row->person_hi) return 1;
    for (int at = 0; at < search->shunned_count; at++)
        if (search->shunned[2 * at] == row->person_hi && search->shunned[2 * at + 1] == row->person_lo) return 1;
    if (row->bits & EXCLUDES)
        for (int at = 0; at < search->shunned_by_count; at++)
            if (search->shunned_by[at] == number) return 1;
    return 0;
}

/* Put a match in its place; of one helper's offers only the best stays. */
static void insert(state *now, const zve_match *match) {
    zve_match *best = now->search->best;
    int last = now->found, place;
    if (now->index->of_offers)
        for (int at = 0; at < now->found; at++)
            if (same_person(&best[at], match)) {
                if (!comes_before(match, &best[at])) return;
                last = at;
                break;
            }
    if (last == now->search->k) last--;
    else if (last == now->found) now->found++;
    for (place = last; place > 0 && comes_before(match, &best[place - 1]); place--) best[place] = best[place - 1];
    best[place] = *match;
}

static inline void consider(state *now, const zve_row *row, int32_t number) {
    const zve_search *search = now->search;
    const int of_offers = now->index->of_offers;
    const zve_row *request = of_offers ? search->row : row, *offer = of_offers ? row : search->row;
    if (!may_meet(now->index, request, offer)) return;
    if (row->cell != now->cell) {
        now->cell = row->cell;
        now->metres = metres_between(now->index, search->row->cell, row->cell);
    }
    if (now->metres > 1000 * least(row->km, search->row->km)) return;
    zve_match match = {.score = score_of(request, offer, now->metres), .metres = now->metres};
    if (now->found == search->k && match.score < search->best[now->found - 1].score) return;
    if (keep_apart(now, row, number)) return;
    match.id_hi = row->id_hi, match.id_lo = row->id_lo;
    match.person_hi = row->person_hi, match.person_lo = row->person_lo;
    match.tie = tie_of(now->index->seed, request, offer);
    if (now->found < search->k || comes_before(&match, &search->best[now->found - 1])) insert(now, &match);
}

/* The first of a category's entries that is not under a row number. */
static inline const int32_t *bisect(const int32_t *from, const int32_t *to, int32_t number) {
    while (from < to) {
        const int32_t *middle = from + (to - from) / 2;
        if (*middle < number) from = middle + 1;
        else to = middle;
    }
    return from;
}

/* One row of cells, for each category: from `width` columns west of the middle to as many east. */
static void scan(state *now, int row, int middle, int width) {
    const zve_index *index = now->index;
    int west = most(middle - width, index->first_column) - index->first_column;
    int east = least(middle + width, index->first_column + index->width - 1) - index->first_column;
    if (west > east) return;
    const int32_t *starts = index->cell_starts + (int64_t)(row - index->first_row) * index->width;
    int32_t first = starts[west], end = starts[east + 1];
    if (first == end) return;
    for (uint64_t rest = now->search->row->categories; rest; rest &= rest - 1) {
        int category = __builtin_ctzll(rest);
        const int32_t *last = index->entries + index->category_starts[category + 1];
        const int32_t *entry = bisect(index->entries + index->category_starts[category], last, first);
        for (; entry < last && *entry < end; entry++) {
            if (last - entry > 8) __builtin_prefetch((const char *)&index->rows[entry[8]] + 40);
            consider(now, &index->rows[*entry], *entry);
        }
    }
}

/* How many columns to either side of the middle lie within the limit, at most `width`; -1: not even the middle. */
static int narrowed(const state *now, int row, int width, int limit) {
    int32_t middle = now->search->row->cell, column = middle % STRIDE;
    for (; width >= 0; width--) {
        /* The distance is the same to either side, and one of them may lie beyond the edge. */
        int other = column + width < now->index->columns ? column + width : column - width;
        if (other < 0) continue;
        if (metres_between(now->index, middle, row * STRIDE + other) <= limit) return width;
    }
    return -1;
}

static void scan_added(state *now) {
    const zve_index *index = now->index;
    for (int32_t at = 0; at < index->added_count; at++) consider(now, &index->added[at], index->built + at);
}

/* How many were found: min(k, all that fit), in `best`, which has room for k > 0. `shunned` are the persons whom
   the row excludes, as two halves each; `shunned_by` the numbers of the rows that exclude its person. */
int zve_top_k(
    const zve_index *index, const zve_row *asking, zve_match *best, int k, const uint64_t *shunned, int shunned_count,
    const int32_t *shunned_by, int shunned_by_count) {
    const zve_search search = {asking, best, k, shunned, shunned_count, shunned_by, shunned_by_count};
    state now = {.index = index, .search = &search, .cell = -1};
    int row = asking->cell / STRIDE, column = asking->cell % STRIDE, km = asking->km;
    now.beside_distance = most_beside_distance(asking, !index->of_offers);
    scan_added(&now);
    /* One column more than the row of cells before it: towards the north, columns grow narrower. */
    int widths[2] = {km, km};
    for (int away = 0; away <= km; away++) {
        for (int side = away ? 0 : 1; side < 2; side++) {
            int at = side ? row + away : row - away;
            if (at < index->first_row || at >= index->first_row + index->height) continue;
            int width = narrowed(&now, at, least(widths[side] + 1, km), limit_m(&now, away ? 0 : NEIGHBOUR_POINTS));
            if (width >= 0) scan(&now, at, column, width);
            if (away) widths[side] = width;
        }
    }
    return now.found;
}
