"""What a template may say: the few words and turns with which it cannot break once it was accepted.

A template that may call, index or compute can fail on a headline nobody thought of, at the moment it must go out. Here
it prints the words it is given, joins them, and asks whether one is there; everything else is refused at start, with
its line. The rest (a tag never closed, a branch that prints nothing) is found by rendering every combination of parts.
"""

from jinja2 import nodes

from newsroom.errors import TemplateBroken

WORDS = ("kicker", "headline", "lead", "byline", "link", "tags", "site_name")
FILTERS = frozenset({"join", "replace", "trim", "length"})

_TURNS: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.Tuple,
    nodes.List,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.For,
    nodes.Name,
    nodes.Filter,
    nodes.Keyword,
)


class Unsayable(TemplateBroken):
    """A template says what it may not.

    Attributes:
        lineno: where, counted from 1.
    """

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.lineno = line


def words_in(template: nodes.Template) -> frozenset[str]:
    """The words that a template uses.

    Raises:
        Unsayable: it uses a word that is none, or a turn that could break at sending time.
    """
    everything = _all_of(template)
    names = [node for node in everything if isinstance(node, nodes.Name)]
    known = {*WORDS, *(name.name for name in names if name.ctx == "store")}
    for node in everything:
        _check(node)
    for name in names:
        if name.name not in known:
            raise Unsayable(f"there is no word «{name.name}»; the words are {', '.join(WORDS)}", name.lineno)
    return frozenset(name.name for name in names) & frozenset(WORDS)


def _check(node: nodes.Node) -> None:
    if not isinstance(node, _TURNS):
        raise Unsayable(f"«{type(node).__name__}» is not for a template; it may print, join, ask and loop", node.lineno)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise Unsayable(f"there is no filter «{node.name}»; the filters are {', '.join(sorted(FILTERS))}", node.lineno)
    if isinstance(node, nodes.CondExpr) and node.expr2 is None:
        raise Unsayable("«… if …» needs an else, or it prints nothing that can be printed", node.lineno)


def _all_of(node: nodes.Node) -> list[nodes.Node]:
    return [node, *(deeper for child in node.iter_child_nodes() for deeper in _all_of(child))]
