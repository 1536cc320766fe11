"""Where to put the next facilities: candidates, exact plans with their bounds, and why.

::

    Study + Candidates ── instance_of ──► Instance ─┬─ greedy ──► SitePlan (at once, with a bound)
                          Constraints ──────────────┴─ exact ───► SitePlan (optimal, or its gap)
                                                                     │ explain, price, curve, …
                                                     plan_file ──► a scenario
"""
