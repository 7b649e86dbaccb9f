"""What is done without looking ahead, to compare with: somebody's turn comes, and they take their best."""

import numpy as np

from matching.batch.graph import Graph, Numbers


def by_waiting(graph: Graph) -> Numbers:
    """Requests in the order of waiting, longest first: first come, first served."""
    waiting = np.array([request.days_waiting for request in graph.requests], dtype=np.int64)
    order: Numbers = np.argsort(-waiting, kind="stable")
    return order


def by_priority(graph: Graph) -> Numbers:
    """Requests by falling tier, and within a tier in the order of waiting."""
    order = by_waiting(graph)
    ranked: Numbers = order[np.argsort(-graph.tiers[order], kind="stable")]
    return ranked


def each_in_turn(graph: Graph, order: Numbers) -> Numbers:
    """Edges chosen when each request in the order takes the best who still have room."""
    starts, places, room = graph.starts.tolist(), graph.places.tolist(), graph.capacities.tolist()
    chosen: list[int] = []
    for row in order.tolist():
        wanted = places[row]
        # Of one request at a time, for a list of all edges would take gigabytes.
        for edge, person in enumerate(graph.person[starts[row] : starts[row + 1]].tolist(), starts[row]):
            if room[person]:
                room[person] -= 1
                chosen.append(edge)
                wanted -= 1
                if not wanted:
                    break
    return np.array(chosen, dtype=np.int64)


def best_score_first(graph: Graph) -> Numbers:
    """Edges chosen when the best score of all is taken, then the best of what is left, and so on."""
    rows, person = graph.rows, graph.person
    places, room = graph.places.tolist(), graph.capacities.tolist()
    chosen: list[int] = []
    order = np.argsort(-graph.score, kind="stable")
    for edge, row, helper in zip(order.tolist(), rows[order].tolist(), person[order].tolist(), strict=True):
        if places[row] and room[helper]:
            places[row] -= 1
            room[helper] -= 1
            chosen.append(edge)
    return np.array(chosen, dtype=np.int64)
