"""Pieces of the streets: what is joined by streets, and what stands apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.model import derived

if TYPE_CHECKING:
    from circle.model import Bools, Ints, WalkNetwork


def open_to(network: WalkNetwork, *, steps_allowed: bool) -> Bools:
    """Return which segments may be walked, with or without steps, shape (m,)."""
    open_to_all: Bools = network.segment_steps < 0
    return np.ones_like(open_to_all) if steps_allowed else open_to_all


@derived
def pieces_of_street(network: WalkNetwork, *, steps_allowed: bool = True) -> Ints:
    """Return the piece that each segment is part of, shape (m,).

    Two segments are of one piece where streets that may be walked join them. The
    main piece, that with the most metres of street, is 0; the others follow by
    their metres. -1 for segments that may not be walked.
    """
    usable = np.flatnonzero(open_to(network, steps_allowed=steps_allowed))
    begin, end = network.segment_nodes[usable].T
    label = np.arange(len(network.node_id))
    while True:
        least = label.copy()
        np.minimum.at(least, begin, label[end])
        np.minimum.at(least, end, label[begin])
        least = least[least]
        if (least == label).all():
            break
        label = least
    _, piece = np.unique(label[begin], return_inverse=True)
    metres = np.bincount(piece, weights=network.segment_length_m[usable])
    rank = np.empty(len(metres), np.int32)
    rank[np.argsort(-metres, kind="stable")] = np.arange(len(metres))
    of_segment = np.full(len(network.segment_length_m), -1, np.int32)
    of_segment[usable] = rank[piece]
    return of_segment


def piece_count(network: WalkNetwork) -> int:
    """Return into how many pieces the streets fall."""
    return int(pieces_of_street(network).max(initial=-1)) + 1
