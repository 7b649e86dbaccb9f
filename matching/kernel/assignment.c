/* Successive shortest paths for the assignment of a region: matching/batch/paths.py once more, step by step, so
 * that answer and prices are the same. Names are those of that file. */
#include "kernel.h"
#include "queue.h"

#include <stdlib.h>

/* Of the path being sought, per node; `seen` and `done` hold the number of the search that wrote last. */
typedef struct {
    int64_t distance, by_edge;
    int32_t by_row, seen, done, spare;
} reached;

typedef struct {
    int32_t rows, people;
    const int64_t *starts;
    const int32_t *person, *quality;
    const int64_t *bonus;
    uint8_t *chosen;
    int64_t *price, *surplus, *room;
    /* Who holds a person: edges and their requests, from slots[p] on, held[p] of them. */
    int64_t *slots, *held_edge;
    int32_t *held, *held_row;
    reached *node;
    int32_t search;
    int32_t *settled;
    int64_t settled_count;
    queue waiting;
    int64_t length, last_edge;
    int32_t last_row;
} state;

/* Whether the node was not reached in this search, or only from farther; if so, it is reached now. */
static int nearer(state *s, int32_t node, int64_t along)
{
    reached *at = &s->node[node];
    if (at->seen == s->search && along >= at->distance)
        return 0;
    at->seen = s->search;
    at->distance = along;
    return 1;
}

static void settle(state *s, int32_t node)
{
    s->node[node].done = s->search;
    s->settled[s->settled_count++] = node;
}

static void scan(state *s, int32_t row, int64_t distance)
{
    settle(s, s->people + row);
    /* From the request along an edge to a person: base - quality + price. */
    const int64_t base = distance + s->surplus[row] - s->bonus[row];
    const int64_t last = s->starts[row + 1];
    const int32_t *const qualities = s->quality, *const people = s->person;
    const int64_t *const prices = s->price;
    int64_t length = s->length;
    for (int64_t edge = s->starts[row]; edge < last; edge++) {
        const int64_t unpriced = base - qualities[edge];
        if (unpriced >= length)
            break;
        const int32_t person = people[edge];
        const int64_t along = unpriced + prices[person];
        if (along >= length || s->chosen[edge])
            continue;
        if (s->room[person]) {
            s->length = length = along;
            s->last_edge = edge;
            s->last_row = row;
        } else if (nearer(s, person, along)) {
            s->node[person].by_edge = edge;
            s->node[person].by_row = row;
            queue_push(&s->waiting, along, person);
        }
    }
}

static void displace(state *s, int32_t person, int64_t distance)
{
    settle(s, person);
    const int64_t first = s->slots[person];
    for (int64_t slot = first; slot < first + s->held[person]; slot++) {
        const int32_t row = s->held_row[slot];
        const int64_t edge = s->held_edge[slot];
        const int64_t worth = s->bonus[row] + s->quality[edge];
        const int64_t along = distance + worth - s->price[person] - s->surplus[row];
        if (along >= s->length || !nearer(s, s->people + row, along))
            continue;
        s->node[s->people + row].by_edge = edge;
        if (along + s->surplus[row] < s->length) {
            s->length = along + s->surplus[row];
            s->last_edge = NOWHERE;
            s->last_row = row;
        }
        if (along == distance)
            scan(s, row, along);
        else
            queue_push(&s->waiting, along, s->people + row);
    }
}

static void reprice(state *s)
{
    for (int64_t each = 0; each < s->settled_count; each++) {
        const int32_t node = s->settled[each];
        const int64_t change = s->length - s->node[node].distance;
        if (change <= 0)
            continue;
        if (node < s->people)
            s->price[node] += change;
        else
            s->surplus[node - s->people] -= change;
    }
}

static void augment(state *s, int32_t row)
{
    int32_t current = s->last_row;
    if (s->last_edge != NOWHERE) {
        const int32_t person = s->person[s->last_edge];
        const int64_t slot = s->slots[person] + s->held[person]++;
        s->room[person]--;
        s->held_edge[slot] = s->last_edge;
        s->held_row[slot] = current;
        s->chosen[s->last_edge] = 1;
    }
    while (current != row) {
        const int64_t given_up = s->node[s->people + current].by_edge;
        const int32_t person = s->person[given_up];
        int64_t slot = s->slots[person];
        while (s->held_edge[slot] != given_up)
            slot++;
        s->chosen[given_up] = 0;
        s->chosen[s->node[person].by_edge] = 1;
        s->held_edge[slot] = s->node[person].by_edge;
        s->held_row[slot] = current = s->node[person].by_row;
    }
}

static int64_t best(const state *s, int32_t row)
{
    int64_t most = 0;
    for (int64_t edge = s->starts[row]; edge < s->starts[row + 1]; edge++) {
        const int64_t worth = s->bonus[row] + s->quality[edge];
        if (worth <= most)
            break;
        const int64_t left = worth - s->price[s->person[edge]];
        if (left > most && !s->chosen[edge])
            most = left;
    }
    return most;
}

/* Fill one more place of the request; 0 when the best is to leave it empty. */
static int fill(state *s, int32_t row)
{
    s->surplus[row] = best(s, row);
    if (s->surplus[row] == 0)
        return 0;
    s->search++;
    s->settled_count = 0;
    queue_empty(&s->waiting);
    s->length = s->surplus[row];
    s->last_edge = NOWHERE;
    s->last_row = row;
    nearer(s, s->people + row, 0);
    scan(s, row, 0);
    entry next;
    while (!s->waiting.failed && queue_pop(&s->waiting, &next)) {
        if (next.distance >= s->length)
            break;
        if (s->node[next.node].done == s->search)
            continue;
        if (next.node < s->people)
            displace(s, next.node, next.distance);
        else
            scan(s, next.node - s->people, next.distance);
    }
    reprice(s);
    if (s->last_edge == NOWHERE && s->last_row == row)
        return 0;
    augment(s, row);
    return 1;
}

static void *zeroed(int64_t count, size_t size) { return calloc((size_t)(count ? count : 1), size); }

static int allocate(state *s, const int64_t *capacities)
{
    const int64_t nodes = (int64_t)s->rows + s->people;
    int64_t slots = 0;
    s->slots = zeroed(s->people, sizeof *s->slots);
    s->room = zeroed(s->people, sizeof *s->room);
    if (!s->slots || !s->room)
        return 0;
    for (int32_t person = 0; person < s->people; person++) {
        s->slots[person] = slots;
        s->room[person] = capacities[person];
        slots += capacities[person];
    }
    s->held = zeroed(s->people, sizeof *s->held);
    s->held_edge = zeroed(slots, sizeof *s->held_edge);
    s->held_row = zeroed(slots, sizeof *s->held_row);
    s->surplus = zeroed(s->rows, sizeof *s->surplus);
    s->node = zeroed(nodes, sizeof *s->node);
    s->settled = zeroed(nodes, sizeof *s->settled);
    return s->held && s->held_edge && s->held_row && s->surplus && s->node && s->settled && queue_make(&s->waiting);
}

/* The instance of matching/batch/instance.py, each capacity at most the edges of the person. Writes per edge
 * whether it is chosen and per person the price; both come as zeros. 0, or 1 when there is no memory. */
ZVE int zve_assign(int32_t rows, int32_t people, const int64_t *starts, const int32_t *person,
                   const int32_t *quality, const int64_t *bonus, const int64_t *places,
                   const int64_t *capacities, uint8_t *chosen, int64_t *price);

int zve_assign(int32_t rows, int32_t people, const int64_t *starts, const int32_t *person,
               const int32_t *quality, const int64_t *bonus, const int64_t *places, const int64_t *capacities,
               uint8_t *chosen, int64_t *price)
{
    state s = {.rows = rows, .people = people, .starts = starts, .person = person, .quality = quality,
               .bonus = bonus, .chosen = chosen, .price = price};
    int failed = !allocate(&s, capacities);
    for (int32_t row = 0; row < rows && !failed; row++) {
        for (int64_t place = 0; place < places[row] && fill(&s, row); place++)
            ;
        failed = s.waiting.failed;
    }
    free(s.slots);
    free(s.room);
    free(s.held);
    free(s.held_edge);
    free(s.held_row);
    free(s.surplus);
    free(s.node);
    free(s.settled);
    queue_free(&s.waiting);
    return failed;
}
