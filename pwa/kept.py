"""Components that were drawn before are not drawn again.

A component is a pure function of what it is given and of the reader's language, and members see
much the same ones: missions, rewards, icons, the thumb row. A page's macros are two thirds of what
rendering it costs, so each keeps its last answers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Macro
from markupsafe import Markup

from pwa import phrases

FOLDER = "components/"
# These hold a form's own token, or what only one member ever sees.
NEVER = frozenset(f"{FOLDER}{stem}.html" for stem in ("field", "wheel", "till", "pass", "wallet"))
ANSWERS = 1024  # of each macro
# What is told apart by its value and its type, and tuples of named tuples: each of their cells has
# one type. Anything else, a `caller` above all, is drawn anew.
PLAIN = frozenset((str, Markup, int, bool, type(None)))


class KeepingTemplate(Template):
    """A template whose macros, when they are imported from it, keep their answers."""

    def make_module(self, *args: Any, **kwargs: Any) -> TemplateModule:
        module = super().make_module(*args, **kwargs)
        name = self.name or ""
        if name.startswith(FOLDER) and name not in NEVER and not self.environment.auto_reload:
            for known, macro in list(vars(module).items()):
                if isinstance(macro, Macro):
                    setattr(module, known, keeping(macro))
        return module


def keeping(macro: Callable[..., str]) -> Callable[..., str]:
    """`macro`, which then answers from memory where it was asked the same in the same language."""

    # Typed: 1 and True are equal and drawn differently, and so are "<b>" and Markup("<b>").
    @lru_cache(maxsize=ANSWERS, typed=True)
    def answer(language: str, *args: Any, **kwargs: Any) -> str:
        return macro(*args, **kwargs)

    def kept(*args: Any, **kwargs: Any) -> str:
        if all(map(_is_plain, args)) and all(map(_is_plain, kwargs.values())):
            return answer(phrases.language(), *args, **kwargs)
        return macro(*args, **kwargs)

    return kept


def _is_plain(given: Any) -> bool:
    if type(given) is tuple:
        return all(hasattr(one, "_fields") for one in given)
    return type(given) in PLAIN
