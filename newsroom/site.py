"""A site: what the newsroom knows of the paper it works for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """The site's own names: for itself, for its sections, and for what it calls breaking."""

    name: str = ""
    sections: tuple[str, ...] = ()
    """Names of sections in order of preference; every other category is a tag."""
    generic_sections: tuple[str, ...] = ("أخبار", "عام", "غير مصنف", "Uncategorized", "الأخبار", "أخبار عامة")
    """Sections that say nothing to a reader; never shown, never a hashtag."""
    breaking_categories: tuple[str, ...] = ("عاجل",)
    """Categories or tags that are the site's own word for breaking; compared by key text."""
