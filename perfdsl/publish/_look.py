"""How a report is to look: its fonts."""

import attrs

TITLE, HEADING, SUBHEADING, BODY, TABLE = "title", "heading", "subheading", "body", "table"
PLACES = {
    "标题": TITLE, "章节": HEADING, "小节": SUBHEADING, "正文": BODY, "表格": TABLE,
    **{place: place for place in (TITLE, HEADING, SUBHEADING, BODY, TABLE)},
}  # fmt: skip


@attrs.frozen
class Look:
    """The fonts somebody named, by place; ``folders`` are where files of fonts lie."""

    fonts: dict[str, str] = attrs.field(factory=dict)
    folders: tuple[str, ...] = ()

    @property
    def named(self) -> list[str]:
        """The fonts asked for by name."""
        return list(self.fonts.values())

    def font(self, place: str, default: str) -> str:
        """The font of a place."""
        return self.fonts.get(place, default)
