"""Which word of a label names the object, and which words name nothing: programs' defaults, parts, helpers.

Treats the generators' kinds as the everyday objects people ask for.
"""

import functools
import re

from ..text import labels

# Default names from programs that say nothing about the object
VAGUE = frozenset(
    "cube cylinder plane sphere icosphere cone torus mesh test scene start example demo untitled m".split()
)
MUTE = VAGUE | frozenset(
    """circle grid uvsphere uv ico suzanne monkey text curve bezier beziercurve beziercircle nurbs path surface mball
    meta empty node group polygon polysurface collection master main export exported source baked default object objects
    mesh meshes model models root rootnode sketchfab world armature rig parent geometry element lod low high final new
    layer view all stuff misc things environment background props assets library kit set pack""".split()
)
# Words for parts of an object; if there are only these, a better name is searched
FRAGMENTS = frozenset("wheel wheels frame handle lid detail details pebble decal trim support cap edge petal".split())
PIECES = FRAGMENTS | frozenset(
    """body base top bottom hull part parts piece pieces level left right front back main inner outer eye eyes hair head
    hand hands arm arms leg legs foot feet teeth tongue brow eyebrow screw bolt hinge button knob""".split()
)
# Objects for a game engine or renderer rather than to be seen
HELPERS = frozenset("navmesh collider colliders collision hitbox ucx colonly convcol convcolonly".split())


_OF = re.compile(r"\b(?:of|with|and|in|on)\b")


def asked_for() -> frozenset[str]:
    """Nouns of everyday things: those that the generators make, also kinds that were loaded meanwhile."""
    from ..generators import KINDS

    return _nouns(tuple(KINDS))


@functools.cache
def _nouns(keys: tuple[str, ...]) -> frozenset[str]:
    from ..generators import KINDS

    return frozenset(w for key in keys for n in KINDS[key].nouns for w in n.split())


def noun_of(label: str) -> str:
    """The word that names the thing: the last everyday noun ("table standing raw" -> table), else the last word that
    doesn't only tell variants apart. Of "glass of beer" the thing is the glass."""
    label = _OF.split(label)[0].strip() or label
    everyday = asked_for()
    known = [w for w in label.split() if w in everyday and w not in labels.VARIANTS and w not in labels.COLOR_WORDS]
    if known:
        return known[-1]
    kept = [w for w in label.split() if w not in labels.VARIANTS]
    return kept[-1] if kept else label.split()[-1] if label else ""


def label_in(name: str) -> str:
    """The label from a name, or "" if it is a program's default: "SM_Chair.003" -> "chair", "Cube.001" -> ""."""
    name = re.sub(r" \[[^\]]*\]$", "", name)  # the library that it is linked from
    name = re.sub(r"(?<=.)_(Cube|Circle|Sphere|Icosphere|Cylinder|Cone|Plane|Torus|Mesh)(\.\d+)?$", "", name)
    label = labels.normalise(re.sub(r"\.(svg|dae|dxf|3ds)$", "", name, flags=re.I))
    words = set(label.split())
    return "" if len(label) < 2 or words <= MUTE | labels.NOISE else label


def says_more(label: str) -> bool:
    """Whether a label says more than that this is a part of something."""
    return any(w not in PIECES and w not in MUTE and w not in labels.VARIANTS and len(w) > 2 for w in label.split())


def names_thing(label: str) -> bool:
    """Whether a label names an everyday object, rather than a part of one or nothing known."""
    return noun_of(label) in asked_for() - PIECES
