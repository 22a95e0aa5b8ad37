"""How facts are told on pages, and what keeps a page to itself: its policy and its data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from kg.answers.model import Account, Fact, Source
from kg.formats.own import own_data

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIELDS = {"validFrom": "began", "validUntil": "ended", "inForceOn": "in force on"}
_DETAILS = (("Kind", ("kind",)), ("Imposed by", ("imposedBy",)), ("Decided by", ("decidedBy",)), ("Said by", ("speaker",)), ("Owner", ("owner",)),
            ("Designated as", ("designatedAs",)), ("Against", ("target",)), ("For", ("beneficiary",)), ("Concerns", ("concerns",)), ("Owned", ("asset",)),
            ("Where", ("appliesIn", "areaNote")), ("Affects", ("feature", "affects")), ("Under", ("basedOn",)), ("Grounds", ("ground",)))  # fmt: skip


def printed_day(text: str) -> str:
    """Days in a text as they are printed: 12 February 2026."""
    return _ISO.sub(lambda found: f"{date.fromisoformat(found[0]).day} {date.fromisoformat(found[0]):%B %Y}", text)


def tell(fact: Fact, sources: dict[Source, int], when: str) -> dict[str, Any]:
    """A fact with its details and accounts; each account names its sources by their numbers."""
    details = [
        (word, ", ".join(ref.label for ref in refs)) for word, fields in _DETAILS if (refs := fact.refs(*fields))
    ]
    by = ", ".join(ref.label for ref in fact.refs("decidedBy", "imposedBy"))
    details = [(word, f"{text}, by {by}" if word == "Designated as" and by else text) for word, text in details]
    if amount := fact.first("amount"):
        details.append(("Sum", f"{_money(amount.label)} {fact.first('currency') or ''}".rstrip()))
    accounts = [{"said": _said(account), "from": [[sources[one.source], one.locator or ""] for one in account.evidence]} for account in fact.accounts]  # fmt: skip
    return {"id": fact.id, "label": fact.label, "type": _spaced(fact.type), "when": when, "details": details, "accounts": accounts, "note": fact.note or ""}  # fmt: skip


def _said(account: Account) -> str:
    told = ", ".join(f"{_FIELDS.get(name, name)} {day}" for name, day in account.dates)
    marks = [
        mark
        for mark, holds in (("correction", account.stance == "correction"), ("set beforehand", account.scheduled))
        if holds
    ]
    marks += [own_data(account).strip(" ()")] if own_data(account) else []
    return f"{told} ({', '.join(marks)})" if marks else told


def _money(text: str) -> str:
    try:
        return f"{float(text):,.2f}".removesuffix(".00")
    except ValueError:
        return text


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """The content-security-policy that allows the scripts and styles of a page by their hashes, and nothing else."""

    def allow(texts: Sequence[str]) -> str:
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts
        )

    return f"default-src 'none'; script-src {allow(scripts)}; style-src {allow(styles)}; img-src data:; base-uri 'none'; form-action 'none'"


def script_json(value: Any) -> str:
    """JSON that can stand in a script element: no letter in it can end the element or a line."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text
