"""One budget: lifts, gates, links and rooms compete for the same money.

::

    Study + costs + edits ── instance_of ──► Budget ── model.best ──► Plan ──► front, prices
                                                                       │ recomputed, record
"""
