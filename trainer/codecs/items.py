"""Items in steps: the schema codec's grammar. An item is a node, a modifier or a channel of animation.

One item is one step, or several where it is long:
    TYPE  (FIELD value...)*  (ROW value...)*  STOP        and MORE instead of STOP if the item continues
Instead of a value, LINK k o: "output o of the k-th item before this one". Fields come in the order of the type, so
every item has one encoding; only what differs from the default is encoded. END ends the asset.

Knows a Language, and nothing of what its items mean in Blender.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .base import CodecError, Sequence, Spec
from .language import LEVELS, Field, Language, Type, links

END, STOP, MORE, ROW, LINK = range(5)
FIRST_TYPE = 5
MICRO = 24
REACH = 200  # how far back a link may go


@dataclass
class Item:
    """`values` by field name; `links` by field name to (index of an earlier item, output identifier); rows in order."""

    type: str
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, tuple[int, str]] = field(default_factory=dict)
    rows: list[list[Any]] = field(default_factory=list)


class Tokens:
    """Positions of a language's elements in the shared vocabulary."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.first_field = FIRST_TYPE + len(language.types)
        self.first_value = self.first_field + language.most_fields
        self.vocab = self.first_value + LEVELS

    def spec(self, name: str, version: int, condition: tuple[int, ...], options: dict[str, Any]) -> Spec:
        types = len(self.language.types) + 1
        # continued?, this type, the three before it, how many so far, the last field, whether it may end
        features = (2, types, types, types, types, 33, self.language.most_fields + 2, 2)
        return Spec(name, version, self.vocab, MICRO, features, condition, options)


def encode_items(tokens: Tokens, items: list[Item]) -> Sequence:
    """The unique encoding of these items. What the language lacks is left out and counted in `notes`."""
    reader = ItemDecoder(tokens, max_items=len(items) + 1)
    steps: list[list[int]] = []
    known: list[np.ndarray] = []
    notes: dict[str, int] = {}
    step: list[int] = []

    def put(token: int) -> None:
        if not step:
            known.append(reader.features())
        step.append(token)
        if reader.push(token):
            steps.append(list(step))
            step.clear()

    def room(needed: int) -> None:
        """Continue in the next step if `needed` tokens don't fit any more."""
        if needed > reader.left:
            put(MORE)

    for position, item in enumerate(items):
        index = tokens.language.index(item.type)
        if index < 0:
            raise CodecError(f"{item.type}: the schema has no such type")
        kind = tokens.language.types[index]
        put(FIRST_TYPE + index)
        for number, what in enumerate(kind.fields):
            if what.name in item.links:
                source, output = item.links[what.name]
                back = position - source
                there = tokens.language.types[tokens.language.index(items[source].type)]
                outputs = [identifier for identifier, _ in there.outputs]
                fits = 0 < back <= REACH and output in outputs
                if not fits or not links(there.outputs[outputs.index(output)][1], what.socket):
                    notes["links"] = notes.get("links", 0) + 1
                    continue
                room(reader.needs(what))
                for token in (tokens.first_field + number, LINK):
                    put(token)
                for value in (back, outputs.index(output)):
                    put(tokens.first_value + value)
            elif what.name in item.values and what.way != "none":
                try:
                    values = what.encode(item.values[what.name])
                except (ValueError, TypeError):
                    notes[f"values of {what.name}"] = notes.get(f"values of {what.name}", 0) + 1
                    continue
                if len(values) != what.tokens:
                    notes[f"values of {what.name}"] = notes.get(f"values of {what.name}", 0) + 1
                    continue
                if what.is_default(item.values[what.name]):
                    continue
                room(reader.needs(what))
                put(tokens.first_field + number)
                for value in values:
                    put(tokens.first_value + value)
        for row in item.rows:
            values = [token for what, value in zip(kind.row, row) for token in what.encode(value)]
            room(1 + len(values))
            put(ROW)
            for value in values:
                put(tokens.first_value + value)
        put(STOP)
    put(END)
    table = np.full((len(steps), MICRO), -1, np.int16)
    for i, one in enumerate(steps):
        table[i, : len(one)] = one
    return Sequence(table, np.array(known, np.int16).reshape(len(steps), -1), notes)


class ItemDecoder:
    """The grammar and the items so far of one sample. After `max_items` it ends properly."""

    def __init__(self, tokens: Tokens, max_items: int = 64) -> None:
        self.tokens = tokens
        self.language = tokens.language
        self.max_items = max_items
        self.items: list[Item] = []
        self.finished = False
        self._kinds: list[int] = []
        self._mask = np.zeros(tokens.vocab, bool)
        self._used = 0  # micro-tokens of the step
        self._kind: Type | None = None  # of the item that is being decoded
        self._last_field = -1  # in rows: as many as the type has fields
        self._pending: list[int] = []  # value tokens so far of the field or row
        self._expect = ""  # "", "field", "row", "back", "output"
        self._link_back = 0
        self._has_last = not self.language.last

    # What is known before a step.
    def features(self) -> np.ndarray:
        before = [0, 0, 0, *[kind + 1 for kind in self._kinds]][::-1]
        going_on = self._kind is not None
        now, earlier = (before[0], before[1:4]) if going_on else (0, before[:3])
        count = min(len(self.items), 32)
        return np.array([going_on, now, *earlier, count, self._last_field + 1, self._has_last], np.int16)

    def allowed(self) -> np.ndarray:
        mask, tokens = self._mask, self.tokens
        mask[:] = False
        values = mask[tokens.first_value :]
        if self._expect == "field":
            assert self._kind is not None
            what = self._kind.fields[self._last_field]
            if what.way != "none":
                values[: what.allowed(len(self._pending))] = True
            if not self._pending and self._sources(what.socket):
                mask[LINK] = True
        elif self._expect == "row":
            what, _ = self._row_field()
            values[: what.allowed(0)] = True
        elif self._expect == "back":
            assert self._kind is not None
            values[self._sources(self._kind.fields[self._last_field].socket)] = True
        elif self._expect == "output":
            for index in self._outputs():
                values[index] = True
        elif self._kind is not None:
            self._allow_next(mask)
        else:
            self._allow_types(mask)
        return mask

    def _allow_types(self, mask: np.ndarray) -> None:
        full = len(self.items) >= self.max_items
        if self._has_last:
            mask[END] = True
        if not full:
            mask[FIRST_TYPE : FIRST_TYPE + len(self.language.types)] = True
        if len(self.items) >= self.max_items - 1 and not self._has_last:
            mask[:] = False
            mask[FIRST_TYPE + self.language.index(self.language.last)] = True

    def _allow_next(self, mask: np.ndarray) -> None:
        """After the type, a whole field or a whole row."""
        kind = self._kind
        assert kind is not None
        left, more = self.left, False
        for number in range(self._last_field + 1, len(kind.fields)):
            needed = self.needs(kind.fields[number])
            if 1 < needed <= left:
                mask[self.tokens.first_field + number] = True
            more = more or needed > left
        rows = len(self.items[-1].rows)
        if kind.row and rows < 64:
            if 1 + kind.row_tokens <= left:
                mask[ROW] = True
            else:
                more = True
        if rows >= kind.min_rows:
            mask[STOP] = True
        if more and self._used > 0:
            mask[MORE] = True

    @property
    def left(self) -> int:
        """Micro-tokens that still fit into this step before its ending."""
        return MICRO - self._used - 1

    def needs(self, what: Field) -> int:
        """Micro-tokens that this field may take, its own name included; 1 if it has no value."""
        return 1 + max(what.tokens, 3 if self._sources(what.socket) else 0)

    def _sources(self, accepts: str) -> list[int]:
        """Distances to earlier items with an output for a socket of this kind."""
        if not accepts:
            return []
        here = len(self.items) - 1
        distances = []
        for back in range(1, min(here, REACH) + 1):
            outputs = self.language.types[self._kinds[here - back]].outputs
            if any(links(kind, accepts) for _, kind in outputs):
                distances.append(back)
        return distances

    def _outputs(self) -> list[int]:
        assert self._kind is not None
        accepts = self._kind.fields[self._last_field].socket
        there = self.language.types[self._kinds[len(self.items) - 1 - self._link_back]]
        return [index for index, (_, kind) in enumerate(there.outputs) if links(kind, accepts)]

    def _row_field(self) -> tuple[Any, int]:
        """The row's field that the next value token belongs to, and where its tokens begin."""
        assert self._kind is not None
        begin = 0
        for what in self._kind.row:
            if len(self._pending) < begin + what.tokens:
                return what, begin
            begin += what.tokens
        raise CodecError("a row was over already")

    def push(self, token: int) -> bool:
        if not self.allowed()[token]:
            raise CodecError(f"token {token} may not stand here")
        self._used += 1
        value = token - self.tokens.first_value
        if self._expect == "field":
            self._push_field(token, value)
        elif self._expect == "row":
            self._push_row(value)
        elif self._expect == "back":
            self._link_back, self._expect = value, "output"
        elif self._expect == "output":
            source = len(self.items) - 1 - self._link_back
            output = self.language.types[self._kinds[source]].outputs[value][0]
            self.items[-1].links[self._kind.fields[self._last_field].name] = (source, output)  # type: ignore[union-attr]
            self._expect = ""
        elif self._kind is None:
            if token == END:
                self.finished = True
                return self._step_over()
            self._begin(token - FIRST_TYPE)
        elif token == STOP:
            self._kind, self._last_field = None, -1
            return self._step_over()
        elif token == MORE:
            return self._step_over()
        elif token == ROW:
            self._last_field, self._pending, self._expect = len(self._kind.fields), [], "row"
        else:
            self._last_field, self._pending, self._expect = token - self.tokens.first_field, [], "field"
        return False

    def _begin(self, kind: int) -> None:
        self._kind = self.language.types[kind]
        self._kinds.append(kind)
        self.items.append(Item(self._kind.name))
        self._has_last = self._has_last or self._kind.name == self.language.last
        self._last_field = -1

    def _push_field(self, token: int, value: int) -> None:
        assert self._kind is not None
        what = self._kind.fields[self._last_field]
        if token == LINK:
            self._expect = "back"
            return
        self._pending.append(value)
        if len(self._pending) == what.tokens:
            self.items[-1].values[what.name] = what.decode(self._pending)
            self._expect = ""

    def _push_row(self, value: int) -> None:
        assert self._kind is not None
        self._pending.append(value)
        if len(self._pending) == self._kind.row_tokens:
            row, begin = [], 0
            for what in self._kind.row:
                row.append(what.decode(self._pending[begin : begin + what.tokens]))
                begin += what.tokens
            self.items[-1].rows.append(row)
            self._expect = ""

    def _step_over(self) -> bool:
        self._used = 0
        return True
