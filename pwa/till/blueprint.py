"""The one blueprint of the till's views, which are in several modules."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("till", __name__, url_prefix="/till")
