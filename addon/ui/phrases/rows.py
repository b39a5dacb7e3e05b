"""The form of a table of translations: English -> one text for each of the five languages."""

Rows = dict[str, tuple[str, str, str, str, str]]
