"""Wishes 心愿墙: what residents and firms ask for, who takes it up, what becomes of it.

::

    nouns ─ tables ─ recording ─ flow, answers         written, each step audited
               │                                        (private: what is refused;
               └─► published, levels, open311            masking: where it is shown)
    against_gaps                                        pure: wishes against gap zones
"""
