/* How a ring is closed among people who are free, and what it is worth: see rings.h. */
#include "rings.h"

#include <string.h>

#define FRAGILE_POINTS 1000

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
        sum -= (int64_t)FRAGILE_POINTS * (let_down(s, r) + r->length - 2);
        for (int32_t i = 0; i < r->length; i++) sum += score(s, r->at[i], r->at[(i + 1) % r->length]);
    }
    return sum;
}

/* ---- closing a ring ---- */

/* Each person of `expression` (an expression in w_person) in the words of a selection, in its order. */
#define EACH(person, selection, expression)                                                              \
    for (int32_t i_##person = 0, w_##person; i_##person < (selection).count &&                           \
                                             (w_##person = (selection).at[i_##person], 1); i_##person++) \
        for (uint64_t left_##person = (expression), person;                                              \
             left_##person && (person = number_of(w_##person, left_##person), 1);                        \
             left_##person &= left_##person - 1)

static uint64_t number_of(int32_t word, uint64_t bits) {
    return (uint64_t)word * 64 + (uint64_t)__builtin_ctzll(bits);
}

/* The words that are not empty, from `turn` on: people come in the order of `turned` in matching/rings/bits.py. */
static void select_words(ring_words *selection, int32_t words, int32_t turn) {
    selection->count = 0;
    for (int32_t w = turn; w < words; w++)
        if (selection->bits[w]) selection->at[selection->count++] = w;
    for (int32_t w = 0; w < turn; w++)
        if (selection->bits[w]) selection->at[selection->count++] = w;
}

static int found(ring *r, int32_t length, uint64_t b, uint64_t c, uint64_t d) {
    r->length = length;
    r->at[1] = (int32_t)b;
    r->at[2] = (int32_t)c;
    r->at[3] = (int32_t)d;
    return 1;
}

int ring_sides(ring_search *s, int32_t person, int32_t turn) {
    const uint64_t *to = given(s, person), *from = got(s, person);
    for (int32_t w = 0; w < s->t->words; w++) {
        s->after.bits[w] = to[w] & s->free[w];
        s->before.bits[w] = from[w] & s->free[w];
    }
    select_words(&s->before, s->t->words, turn);
    if (s->before.count) select_words(&s->after, s->t->words, turn);
    return s->before.count && s->after.count;
}

/* Whoever may be third: the free people who give to somebody that may be fourth. */
static void lead(ring_search *s, int32_t person, int32_t turn) {
    int32_t words = s->t->words;
    memset(s->leading.bits, 0, sizeof(uint64_t) * (size_t)words);
    EACH(last, s->before, s->before.bits[w_last]) {
        const uint64_t *row = got(s, (int32_t)last);
        for (int32_t w = 0; w < words; w++) s->leading.bits[w] |= row[w];
    }
    for (int32_t w = 0; w < words; w++) s->leading.bits[w] &= s->free[w];
    s->leading.bits[person >> 6] &= ~(UINT64_C(1) << (person & 63));
    select_words(&s->leading, words, turn);
}

static int closed_4(ring_search *s, int32_t person, int32_t turn, ring *r) {
    lead(s, person, turn);
    EACH(a, s->after, s->after.bits[w_a]) {
        const uint64_t *from_a = given(s, (int32_t)a);
        EACH(b, s->leading, from_a[w_b] & s->leading.bits[w_b]) {
            const uint64_t *from_b = given(s, (int32_t)b);
            EACH(c, s->before, from_b[w_c] & s->before.bits[w_c])
                if (c != a) return found(r, 4, a, b, c);
        }
    }
    return 0;
}

int ring_closed(ring_search *s, int32_t person, int32_t length, int32_t turn, ring *r) {
    r->at[0] = person;
    if (length == 4) return closed_4(s, person, turn, r);
    if (length == 2) {
        EACH(a, s->before, s->after.bits[w_a] & s->before.bits[w_a]) return found(r, 2, a, 0, 0);
        return 0;
    }
    EACH(a, s->after, s->after.bits[w_a]) {
        const uint64_t *from_a = given(s, (int32_t)a);
        EACH(b, s->before, from_a[w_b] & s->before.bits[w_b]) return found(r, 3, a, b, 0);
    }
    return 0;
}
