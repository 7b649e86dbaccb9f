/* How a ring is closed among people who are free, and what it is worth: see rings.h. */
#include "rings.h"

#include <string.h>

#define LET_DOWN_POINTS 1000

/* ---- what a ring is worth: matching/rings/worth.py ---- */

static int gives(const ring_search *s, int32_t giver, int32_t receiver) { return has(given(s, giver), receiver); }

static int mutual(const ring_search *s, int32_t a, int32_t b) { return gives(s, a, b) && gives(s, b, a); }

static int closes(const ring_search *s, int32_t a, int32_t b, int32_t c) {
    return gives(s, a, b) && gives(s, b, c) && gives(s, c, a);
}

static int32_t let_down(const ring_search *s, const ring *r) {
    int32_t sum = 0;
    if (r->length == 2) return 2;
    for (int32_t i = 0; i < r->length; i++) {
        int32_t a = r->at[(i + 1) % r->length], b = r->at[(i + 2) % r->length], c = r->at[(i + 3) % r->length];
        if (r->length == 3)
            sum += mutual(s, a, b) ? 0 : 2;
        else if (!closes(s, a, b, c) && !closes(s, c, b, a))
            sum += mutual(s, a, b) || mutual(s, b, c) || mutual(s, a, c) ? 1 : 3;
    }
    return sum;
}

static int32_t score(const ring_search *s, int32_t giver, int32_t receiver) {
    int64_t low = s->t->given_starts[giver], high = s->t->given_starts[giver + 1];
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (s->t->receivers[middle] < receiver)
            low = middle + 1;
        else
            high = middle;
    }
    return s->t->scores[low];
}

int64_t ring_worth(const ring_search *s, const ring *rings, int32_t count) {
    int64_t sum = 0;
    for (const ring *r = rings; r < rings + count; r++) {
        sum -= (int64_t)LET_DOWN_POINTS * let_down(s, r);
        for (int32_t i = 0; i < r->length; i++) sum += score(s, r->at[i], r->at[(i + 1) % r->length]);
    }
    return sum;
}

/* ---- closing a ring: people in order from word `turn` on, as `turned` gives them ---- */

#define EACH(person, words, turn, expression)                                                       \
    for (int32_t i_##person = 0, w_##person = (turn); i_##person < (words);                         \
         i_##person++, w_##person = w_##person + 1 == (words) ? 0 : w_##person + 1)                 \
        for (uint64_t left_##person = (expression), person;                                         \
             left_##person != 0 && (person = (uint64_t)w_##person * 64 + (uint64_t)__builtin_ctzll(left_##person), 1); \
             left_##person &= left_##person - 1)

static int found(ring *r, int32_t length, int32_t b, int32_t c, int32_t d) {
    r->length = length;
    r->at[1] = b;
    r->at[2] = c;
    r->at[3] = d;
    return 1;
}

static int closed_4(ring_search *s, int32_t person, int32_t turn, ring *r) {
    int32_t words = s->t->words;
    memset(s->leading, 0, sizeof(uint64_t) * (size_t)words);
    EACH(last, words, 0, s->before[w_last]) {
        const uint64_t *row = got(s, (int32_t)last);
        for (int32_t w = 0; w < words; w++) s->leading[w] |= row[w];
    }
    for (int32_t w = 0; w < words; w++) s->leading[w] &= s->free[w];
    s->leading[person >> 6] &= ~(UINT64_C(1) << (person & 63));
    EACH(a, words, turn, s->after[w_a]) {
        const uint64_t *from_a = given(s, (int32_t)a);
        EACH(b, words, turn, from_a[w_b] & s->leading[w_b]) {
            const uint64_t *from_b = given(s, (int32_t)b);
            EACH(c, words, turn, from_b[w_c] & s->before[w_c])
                if (c != a) return found(r, 4, (int32_t)a, (int32_t)b, (int32_t)c);
        }
    }
    return 0;
}

int ring_closed(ring_search *s, int32_t person, int32_t length, int32_t turn, ring *r) {
    int32_t words = s->t->words;
    const uint64_t *to = given(s, person), *from = got(s, person);
    uint64_t some_after = 0, some_before = 0;
    for (int32_t w = 0; w < words; w++) {
        some_after |= s->after[w] = to[w] & s->free[w];
        some_before |= s->before[w] = from[w] & s->free[w];
    }
    r->at[0] = person;
    if (!some_after || !some_before) return 0;
    if (length == 4) return closed_4(s, person, turn, r);
    if (length == 2) {
        EACH(a, words, turn, s->after[w_a] & s->before[w_a]) return found(r, 2, (int32_t)a, 0, 0);
        return 0;
    }
    EACH(a, words, turn, s->after[w_a]) {
        const uint64_t *from_a = given(s, (int32_t)a);
        EACH(b, words, turn, from_a[w_b] & s->before[w_b]) return found(r, 3, (int32_t)a, (int32_t)b, 0);
    }
    return 0;
}
