/* The rules and terms of matching/rules.py and matching/score.py for one pair: the same whole numbers. */
#ifndef ZVE_SCORE_H
#define ZVE_SCORE_H

#include <math.h>

#include "rows.h"

enum {
    NEAR_POINTS = 400, METRES_PER_POINT = 50, NEIGHBOUR_POINTS = 40,
    SLOT_POINTS = 20, MOST_SLOTS = 6, SKILL_POINTS = 30, MOST_SKILLS = 4,
    LANGUAGE_POINTS = 20, MOST_LANGUAGES = 2, TURN_POINTS = 3, MOST_TURN_DAYS = 30,
    FULL_LOAD_POINTS = 100, ASKED_POINTS = 30, MOST_ASKED = 5,
    URGENCY_POINTS = 60, MOST_URGENCY = 3, VULNERABLE_POINTS = 60,
    WAITING_POINTS = 4, MOST_WAITING_DAYS = 30, TERMS = 11
};

static inline int least(int one, int other) { return one < other ? one : other; }
static inline int most(int one, int other) { return one > other ? one : other; }

static inline int count_bits(uint32_t word) {
    word -= word >> 1 & 0x55555555u;
    word = (word & 0x33333333u) + (word >> 2 & 0x33333333u);
    return (int)((((word + (word >> 4)) & 0x0F0F0F0Fu) * 0x01010101u) >> 24);
}

static inline int metres_between(const zve_index *index, int32_t one, int32_t other) {
    int row = one / STRIDE, other_row = other / STRIDE;
    int columns = one % STRIDE - other % STRIDE, rows = row - other_row;
    rows = rows < 0 ? -rows : rows;
    columns = columns < 0 ? -columns : columns;
    double north = index->north_m[row + other_row] * index->sin_rows[rows] * index->cos_columns[columns];
    double east = index->east_m[row + other_row] * index->sin_columns[columns];
    double chord_2 = north * north + east * east;
    return (int)lrint(sqrt(chord_2) * (1 + chord_2 * index->stretch));
}

/* All rules but DISTANCE, ONESELF and EXCLUDED, the cheap ones that drop most first. */
static inline int may_meet(const zve_index *index, const zve_row *request, const zve_row *offer) {
    uint64_t needs = request->bits & NEEDS_MASK;
    uint32_t shared = request->slots_kinds & offer->slots_kinds;
    if ((offer->bits & needs) != needs || !(shared & SLOT_MASK) || !(shared & ~SLOT_MASK)) return 0;
    if (!(request->languages & offer->languages) || !(request->categories & offer->categories)) return 0;
    if (request->minutes > offer->minutes || offer->load + request->minutes > offer->load_limit) return 0;
    if (offer->organisation && offer->organisation != request->organisation) return 0;
    if (request->municipality == offer->municipality) return 1;
    if (!(request->bits & offer->bits & CROSSES)) return 0;
    int here = index->municipality_numbers[request->municipality];
    int there = index->municipality_numbers[offer->municipality];
    return index->open_borders[here * index->municipalities + there];
}

/* In the order of Term. */
static inline void score_terms(const zve_row *request, const zve_row *offer, int metres, int32_t *terms) {
    uint32_t slots = request->slots_kinds & offer->slots_kinds & SLOT_MASK;
    uint32_t welcome = request->skills_wished & (uint32_t)(offer->bits & SKILL_MASK);
    int more_languages = most(count_bits(request->languages & offer->languages) - 1, 0);
    terms[0] = most(NEAR_POINTS - metres / METRES_PER_POINT, 0);
    terms[1] = request->cell == offer->cell ? NEIGHBOUR_POINTS : 0;
    terms[2] = SLOT_POINTS * least(count_bits(slots), MOST_SLOTS);
    terms[3] = SKILL_POINTS * least(count_bits(welcome), MOST_SKILLS);
    terms[4] = LANGUAGE_POINTS * least(more_languages, MOST_LANGUAGES);
    terms[5] = TURN_POINTS * least(offer->last_proposed, MOST_TURN_DAYS);
    terms[6] = -least(FULL_LOAD_POINTS, FULL_LOAD_POINTS * offer->load / most(offer->load_limit, 1));
    terms[7] = -ASKED_POINTS * least(offer->proposals, MOST_ASKED);
    terms[8] = URGENCY_POINTS * request->urgency;
    terms[9] = request->vulnerable ? VULNERABLE_POINTS : 0;
    terms[10] = WAITING_POINTS * least(request->days_waiting, MOST_WAITING_DAYS);
}

static inline int score_of(const zve_row *request, const zve_row *offer, int metres) {
    int32_t terms[TERMS];
    int sum = 0;
    score_terms(request, offer, metres, terms);
    for (int term = 0; term < TERMS; term++) sum += terms[term];
    return sum;
}

/* What no pair of this row can exceed, NEAR and NEIGHBOURS left out. */
static inline int most_beside_distance(const zve_row *row, int is_offer) {
    uint32_t skills = is_offer ? (uint32_t)(row->bits & SKILL_MASK) : row->skills_wished;
    int points = SLOT_POINTS * least(count_bits(row->slots_kinds & SLOT_MASK), MOST_SLOTS)
        + SKILL_POINTS * least(count_bits(skills), MOST_SKILLS)
        + LANGUAGE_POINTS * least(most(count_bits(row->languages) - 1, 0), MOST_LANGUAGES);
    if (!is_offer) {
        return points + TURN_POINTS * MOST_TURN_DAYS + URGENCY_POINTS * row->urgency
            + (row->vulnerable ? VULNERABLE_POINTS : 0)
            + WAITING_POINTS * least(row->days_waiting, MOST_WAITING_DAYS);
    }
    return points + TURN_POINTS * least(row->last_proposed, MOST_TURN_DAYS)
        - least(FULL_LOAD_POINTS, FULL_LOAD_POINTS * row->load / most(row->load_limit, 1))
        - ASKED_POINTS * least(row->proposals, MOST_ASKED)
        + URGENCY_POINTS * MOST_URGENCY + VULNERABLE_POINTS + WAITING_POINTS * MOST_WAITING_DAYS;
}

/* SplitMix64's finaliser: matching/mixing.py. */
static inline uint64_t mix(uint64_t word) {
    word += 0x9E3779B97F4A7C15ull;
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9ull;
    word = (word ^ word >> 27) * 0x94D049BB133111EBull;
    return word ^ word >> 31;
}

static inline uint64_t tie_of(uint64_t seed, const zve_row *request, const zve_row *offer) {
    uint64_t word = mix(mix(mix(seed) ^ request->id_hi) ^ request->id_lo);
    return mix(mix(word ^ offer->id_hi) ^ offer->id_lo);
}

#endif
