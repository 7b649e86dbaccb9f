/* Disjoint rings by greedy choice and local search over rows of bits. matching/rings/plain.py is the meaning and
   says why; here stands the same, choice by choice, since both must find the same rings from the same seed. */
#include "rings.h"

#include <stdlib.h>
#include <string.h>

#define MOST_HIT 4
#define MOST_LOOSE (MOST_HIT * LONGEST + 1)
#define NO_RING (-1)
#define HEAT 8000
#define CERTAIN 65536

static const int32_t PREFERENCES[4][3] = {{2, 3, 4}, {4, 3, 2}, {3, 4, 2}, {3, 2, 4}};

static int32_t below(ring_search *s, int32_t bound) {
    uint64_t word = (s->state += 0x9E3779B97F4A7C15u);
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9u;
    word = (word ^ word >> 27) * 0x94D049BB133111EBu;
    return (int32_t)((((word ^ word >> 31) >> 32) * (uint64_t)bound) >> 32);
}

static void take(ring_search *s, const ring *r) {
    for (int32_t i = 0; i < r->length; i++) s->free[r->at[i] >> 6] &= ~(UINT64_C(1) << (r->at[i] & 63));
}

static void release(ring_search *s, const ring *r) {
    for (int32_t i = 0; i < r->length; i++) s->free[r->at[i] >> 6] |= UINT64_C(1) << (r->at[i] & 63);
}

static void wait_for(ring_search *s, int32_t person) {
    s->place[person] = s->waiting_count;
    s->waiting[s->waiting_count++] = person;
}

static void serve(ring_search *s, int32_t person) {
    int32_t place = s->place[person];
    if (place == NO_RING) return;
    int32_t last = s->waiting[--s->waiting_count];
    s->waiting[place] = last;
    s->place[last] = place;
    s->place[person] = NO_RING;
}

static void everybody_free(ring_search *s) {
    memset(s->free, 0, sizeof(uint64_t) * (size_t)s->t->words);
    for (int32_t p = 0; p < s->t->people; p++) s->free[p >> 6] |= UINT64_C(1) << (p & 63);
}

static void settle(ring_search *s) {
    const ring_task *t = s->t;
    everybody_free(s);
    s->served = s->waiting_count = 0;
    for (int32_t p = 0; p < t->people; p++) s->ring_of[p] = s->place[p] = NO_RING;
    for (int32_t number = 0; number < s->count; number++) {
        const ring *r = &s->rings[number];
        take(s, r);
        s->served += r->length;
        for (int32_t i = 0; i < r->length; i++) s->ring_of[r->at[i]] = number;
    }
    for (int32_t p = 0; p < t->people; p++) {
        int both_ways = t->given_starts[p + 1] > t->given_starts[p] && t->got_starts[p + 1] > t->got_starts[p];
        if (s->ring_of[p] == NO_RING && both_ways) wait_for(s, p);
    }
}

static void greedy(ring_search *s) {
    const ring_task *t = s->t;
    everybody_free(s);
    for (int32_t length = 2; length <= t->longest; length++)
        for (int32_t i = 0; i < t->people; i++) {
            int32_t person = t->first[i];
            if (!has(s->free, person) || !ring_sides(s, person, 0)) continue;
            if (ring_closed(s, person, length, 0, &s->rings[s->count])) take(s, &s->rings[s->count++]);
        }
    settle(s);
}

static int32_t reach(ring_search *s, int32_t person, int32_t *hit, int32_t hits) {
    const ring_task *t = s->t;
    int32_t attempts = 1 + below(s, MOST_HIT - 1);
    for (int32_t attempt = 0; attempt < attempts; attempt++) {
        int32_t outwards = below(s, 2), at = person;
        if (attempt && hits && below(s, 2)) {
            const ring *r = &s->rings[hit[hits - 1]];
            at = r->at[below(s, r->length)];
        }
        const int64_t *starts = outwards ? t->given_starts : t->got_starts;
        const int32_t *others = (outwards ? t->receivers : t->givers) + starts[at];
        int32_t number = s->ring_of[others[below(s, (int32_t)(starts[at + 1] - starts[at]))]];
        int known = number == NO_RING;
        for (int32_t i = 0; i < hits; i++) known |= hit[i] == number;
        if (!known) hit[hits++] = number;
    }
    return hits;
}

static int32_t closings(ring_search *s, const int32_t *loose, int32_t count, ring *fresh) {
    const int32_t *lengths = PREFERENCES[below(s, 4)];
    int32_t turn = below(s, s->t->words), made = 0;
    for (int32_t i = 0; i < count; i++) {
        if (!has(s->free, loose[i]) || !ring_sides(s, loose[i], turn)) continue;
        for (int32_t j = 0; j < 3; j++) {
            if (lengths[j] > s->t->longest) continue;
            if (!ring_closed(s, loose[i], lengths[j], turn, &fresh[made])) continue;
            take(s, &fresh[made++]);
            break;
        }
    }
    return made;
}

static int32_t people_in(const ring *rings, int32_t count) {
    int32_t sum = 0;
    for (int32_t i = 0; i < count; i++) sum += rings[i].length;
    return sum;
}

static int keeps(
    ring_search *s, const ring *old, int32_t hits, const ring *fresh, int32_t made, int64_t steps_left
) {
    int32_t gain = people_in(fresh, made) - people_in(old, hits);
    if (steps_left && gain == -1) return (int64_t)below(s, CERTAIN) * s->t->explore < HEAT * steps_left;
    if (gain == 0 && !steps_left) return ring_worth(s, fresh, made) > ring_worth(s, old, hits);
    return gain >= 0;
}

static int falling(const void *a, const void *b) { return *(const int32_t *)b - *(const int32_t *)a; }

static void replace(ring_search *s, int32_t *hit, int32_t hits, const ring *fresh, int32_t made) {
    for (int32_t i = 0; i < made; i++) {
        int32_t number = i < hits ? hit[i] : s->count++;
        s->rings[number] = fresh[i];
        for (int32_t j = 0; j < fresh[i].length; j++) {
            s->ring_of[fresh[i].at[j]] = number;
            serve(s, fresh[i].at[j]);
        }
    }
    if (made < hits) qsort(hit + made, (size_t)(hits - made), sizeof *hit, falling);
    for (int32_t i = made; i < hits; i++) {
        const ring *moved = &s->rings[--s->count];
        if (hit[i] == s->count) continue;
        s->rings[hit[i]] = *moved;
        for (int32_t j = 0; j < moved->length; j++) s->ring_of[moved->at[j]] = hit[i];
    }
}

static void step(ring_search *s, int32_t person, int32_t *hit, int32_t hits, int64_t steps_left) {
    ring old[MOST_HIT], fresh[MOST_LOOSE];
    int32_t loose[MOST_LOOSE], count = 1;
    hits = reach(s, person, hit, hits);
    if (!hits) return;
    loose[0] = person;
    for (int32_t i = 0; i < hits; i++) {
        old[i] = s->rings[hit[i]];
        release(s, &old[i]);
        for (int32_t j = 0; j < old[i].length; j++)
            if (old[i].at[j] != person) loose[count++] = old[i].at[j];
    }
    for (int32_t last = count - 1; last > 1; last--) {
        int32_t other = 1 + below(s, last), held = loose[last];
        loose[last] = loose[other];
        loose[other] = held;
    }
    int32_t made = closings(s, loose, count, fresh);
    if (!keeps(s, old, hits, fresh, made, steps_left)) {
        for (int32_t i = 0; i < made; i++) release(s, &fresh[i]);
        for (int32_t i = 0; i < hits; i++) take(s, &old[i]);
        return;
    }
    s->served += people_in(fresh, made) - people_in(old, hits);
    for (int32_t i = 0; i < count; i++) s->ring_of[loose[i]] = NO_RING;
    replace(s, hit, hits, fresh, made);
    for (int32_t i = 0; i < count; i++)
        if (s->ring_of[loose[i]] == NO_RING && s->place[loose[i]] == NO_RING) wait_for(s, loose[i]);
}

static void remember(ring_search *s) {
    memcpy(s->best, s->rings, sizeof(ring) * (size_t)s->count);
    s->best_count = s->count;
}

static void explore(ring_search *s) {
    int32_t most = s->served, hit[MOST_HIT];
    remember(s);
    for (int64_t done = 0; done < s->t->explore && s->waiting_count; done++) {
        step(s, s->waiting[below(s, s->waiting_count)], hit, 0, s->t->explore - done);
        if (s->served > most) {
            most = s->served;
            remember(s);
        }
    }
    memcpy(s->rings, s->best, sizeof(ring) * (size_t)s->best_count);
    s->count = s->best_count;
    settle(s);
}

static void polish(ring_search *s) {
    int32_t hit[MOST_HIT];
    for (int64_t done = 0; s->count && done < s->t->polish; done++) {
        hit[0] = below(s, s->count);
        const ring *r = &s->rings[hit[0]];
        step(s, r->at[below(s, r->length)], hit, 1, 0);
    }
}

static int allocate(ring_search *s) {
    size_t words = (size_t)s->t->words, people = (size_t)s->t->people;
    s->free = calloc(4 * words, sizeof(uint64_t));
    s->rings = calloc(2 * (people / 2 + 1), sizeof(ring));
    s->ring_of = calloc(3 * (people + words), sizeof(int32_t));
    if (!s->free || !s->rings || !s->ring_of) return 0;
    s->best = s->rings + people / 2 + 1;
    s->waiting = s->ring_of + people;
    s->place = s->waiting + people;
    s->after = (ring_words){s->free + words, s->place + people, 0};
    s->before = (ring_words){s->after.bits + words, s->after.at + words, 0};
    s->leading = (ring_words){s->before.bits + words, s->before.at + words, 0};
    return 1;
}

/* Fills `rings`, of five numbers each (the length, then the people), for at most people / 2 rings; returns how
   many, or -1 without memory. */
ZVE int32_t zve_rings(const ring_task *t, int32_t *rings) {
    ring_search s = {.t = t, .state = t->seed};
    int32_t count = -1;
    if (allocate(&s)) {
        greedy(&s);
        explore(&s);
        polish(&s);
        count = s.count;
        memcpy(rings, s.rings, sizeof(ring) * (size_t)count);
    }
    free(s.free);
    free(s.rings);
    free(s.ring_of);
    return count;
}
