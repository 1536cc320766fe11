"""The template of a layer that can be brought, offered where the layer is missing."""

from __future__ import annotations

from circle.i18n import t
from circle.intake.layers import layers
from circle.intake.template import template
from circle.web import downloads


def offer(layer_id: str) -> None:
    """Offer the template of a layer as a file."""
    layer = layers()[layer_id]
    downloads.made_on_click(
        t("bringing.template"), lambda: template(layer), f"{layer.id}-template.xlsx"
    )
