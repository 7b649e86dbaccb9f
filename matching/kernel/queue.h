/* Nodes that wait to be looked at, the nearest first and of those equally near the newest. Distances only grow
 * between two `queue_empty`s, as Dijkstra's method has it. */
#ifndef ZVE_QUEUE_H
#define ZVE_QUEUE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOWHERE (-1)
/* Distances below this wait in a stack each; the others, of which few are ever looked at, in a heap. */
#define NEAR 256

typedef struct {
    int64_t distance;
    int32_t serial, node;
} entry;

/* A near one: `before` is the next older one at the same distance. */
typedef struct {
    int32_t before, node;
} waiting;

typedef struct {
    int32_t newest[NEAR];
    waiting *near;
    entry *far;
    int64_t near_count, near_room, far_count, far_room, nearest;
    int32_t serial, far_sorted, failed;
} queue;

static int before(entry one, entry other)
{
    return one.distance < other.distance || (one.distance == other.distance && one.serial > other.serial);
}

static void sink(queue *q, int64_t at)
{
    const entry moved = q->far[at];
    int64_t child;
    while ((child = 2 * at + 1) < q->far_count) {
        if (child + 1 < q->far_count && before(q->far[child + 1], q->far[child]))
            child++;
        if (!before(q->far[child], moved))
            break;
        q->far[at] = q->far[child];
        at = child;
    }
    q->far[at] = moved;
}

static void rise(queue *q, int64_t at)
{
    const entry moved = q->far[at];
    for (; at > 0 && before(moved, q->far[(at - 1) / 2]); at = (at - 1) / 2)
        q->far[at] = q->far[(at - 1) / 2];
    q->far[at] = moved;
}

/* Twice the room; 0 when there is none. */
static int widen(void **array, int64_t *room, size_t size)
{
    void *wider = realloc(*array, 2 * (size_t)*room * size);
    if (!wider)
        return 0;
    *array = wider;
    *room *= 2;
    return 1;
}

static void queue_push(queue *q, int64_t distance, int32_t node)
{
    if (distance < NEAR) {
        if (q->near_count == q->near_room && !widen((void **)&q->near, &q->near_room, sizeof *q->near)) {
            q->failed = 1;
            return;
        }
        q->near[q->near_count] = (waiting){q->newest[distance], node};
        q->newest[distance] = (int32_t)q->near_count++;
        return;
    }
    if (q->far_count == q->far_room && !widen((void **)&q->far, &q->far_room, sizeof *q->far)) {
        q->failed = 1;
        return;
    }
    q->far[q->far_count] = (entry){distance, q->serial++, node};
    if (q->far_sorted)
        rise(q, q->far_count);
    q->far_count++;
}

/* The next node by distance, the newest first; 0 when there is none. */
static int queue_pop(queue *q, entry *next)
{
    for (; q->nearest < NEAR; q->nearest++) {
        const int32_t at = q->newest[q->nearest];
        if (at != NOWHERE) {
            q->newest[q->nearest] = q->near[at].before;
            *next = (entry){q->nearest, 0, q->near[at].node};
            return 1;
        }
    }
    if (!q->far_sorted)
        for (int64_t at = q->far_count / 2; at-- > 0;)
            sink(q, at);
    q->far_sorted = 1;
    if (!q->far_count)
        return 0;
    *next = q->far[0];
    q->far[0] = q->far[--q->far_count];
    if (q->far_count)
        sink(q, 0);
    return 1;
}

static void queue_empty(queue *q)
{
    memset(q->newest, 0xff, sizeof q->newest);
    q->near_count = q->nearest = q->far_count = q->serial = q->far_sorted = 0;
}

/* 0 when there is no memory. */
static int queue_make(queue *q)
{
    q->near_room = q->far_room = 1024;
    q->near = malloc((size_t)q->near_room * sizeof *q->near);
    q->far = malloc((size_t)q->far_room * sizeof *q->far);
    return q->near && q->far;
}

static void queue_free(queue *q)
{
    free(q->near);
    free(q->far);
}

#endif
