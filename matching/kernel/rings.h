/* What the files of the ring search share: who is free, which rings stand, how a ring is closed and weighed. */
#ifndef ZVE_RINGS_H
#define ZVE_RINGS_H

#include "kernel.h"

#define LONGEST 4

/* matching/rings/compiled.py declares the same. */
typedef struct {
    int32_t people, words, longest;
    int64_t explore, polish;
    uint64_t seed;
    const uint64_t *given, *got;
    const int64_t *given_starts, *got_starts;
    const int32_t *receivers, *givers, *scores, *first;
} ring_task;

typedef struct {
    int32_t length, at[LONGEST];
} ring;

/* A set of people, and which of its words are not empty. */
typedef struct {
    uint64_t *bits;
    int32_t *at, count;
} ring_words;

typedef struct {
    const ring_task *t;
    uint64_t state;
    uint64_t *free;
    ring_words after, before, leading;
    ring *rings, *best;
    int32_t count, best_count, served, waiting_count;
    int32_t *ring_of, *waiting, *place;
} ring_search;

static inline const uint64_t *given(const ring_search *s, int32_t person) {
    return s->t->given + (int64_t)person * s->t->words;
}

static inline const uint64_t *got(const ring_search *s, int32_t person) {
    return s->t->got + (int64_t)person * s->t->words;
}

static inline int has(const uint64_t *people, int32_t person) {
    return people[person >> 6] >> (person & 63) & 1;
}

/* Points of so many rings together: matching/rings/worth.py. */
int64_t ring_worth(const ring_search *s, const ring *rings, int32_t count);

/* Looks who is free on either side of a person; 0 when no ring can be closed here. */
int ring_sides(ring_search *s, int32_t person, int32_t turn);

/* After ring_sides: the first ring of a length through a free person, everybody in order from word `turn` on;
   0 when there is none. */
int ring_closed(ring_search *s, int32_t person, int32_t length, int32_t turn, ring *r);

#endif
