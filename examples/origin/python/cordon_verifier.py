"""Lets a server take requests from Cordon alone: RFC 9421 with Ed25519.

Needs Python 3.9 and `cryptography`. docs/signed-requests.md tells how it is used.
"""

import base64
import hashlib
import json
import re
import threading
import time
import urllib.request
from dataclasses import dataclass
from typing import Callable, Mapping, Optional, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALWAYS = {"@method", "@authority", "@path", "@query", "x-forwarded-host", "x-forwarded-proto"}
NEVER_UNSIGNED = re.compile(r"cordon-.*|x-forwarded-for")
LONGEST_SECONDS = 120
SKEW_SECONDS = 5
KEYS_GOOD_FOR_SECONDS = 300
KEYS_ASKED_EVERY_SECONDS = 10
# Cordon's signature is the first of each field, in this form. A client's own may follow.
INPUT = re.compile(
    r'cordon=(\(("[a-z@-]+"(?: "[a-z@-]+")*)\)((?:;[a-z]+=(?:[0-9]{1,12}|"[A-Za-z0-9_+/=.:-]*"))+))(?:, .*)?', re.S
)
SIGNATURE = re.compile(r"cordon=:([A-Za-z0-9+/]{86}==):(?:, .*)?", re.S)
PARAMETER = re.compile(r';([a-z]+)="?([^";]*)')


class Refused(Exception):
    """The request is not from Cordon, or not as Cordon sent it."""


@dataclass(frozen=True)
class FromCordon:
    """`evaluation`, `decision`, `risk_score`: None where Cordon judged nothing. A paying path must not take that."""

    evaluation: Optional[str]
    decision: Optional[str]
    risk_score: Optional[int]
    ip: Optional[str]
    # False for a body that Cordon passed on as a stream: nothing is known of it.
    is_body_signed: bool


class Nonces:
    """Good for one process. Several need one store for all: Redis's `SET nonce 1 NX EXAT expires`."""

    def __init__(self) -> None:
        self._seen: dict = {}
        self._lock = threading.Lock()

    def __call__(self, nonce: str, expires: int) -> bool:
        with self._lock:
            now = time.time()
            # They were put in by time, so the oldest come first.
            while self._seen and next(iter(self._seen.values())) <= now:
                del self._seen[next(iter(self._seen))]
            if nonce in self._seen:
                return False
            self._seen[nonce] = expires
            return True


class CordonVerifier:
    """`keys_url`: https://<the shop's host>/.cordon/jwks.json. `authorities`: what this server is called in
    `origin.pool`, with the port where it is not 443. `is_first`: whether nobody showed this nonce before."""

    def __init__(
        self, keys_url: str, authorities: Sequence[str], is_first: Optional[Callable[[str, int], bool]] = None
    ) -> None:
        self._keys_url = keys_url
        self._authorities = frozenset(authorities)
        self._is_first = is_first or Nonces()
        self._keys: Mapping[str, Ed25519PublicKey] = {}
        self._asked_at = float("-inf")
        self._asking = threading.Lock()

    def verify(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, now: Optional[float] = None
    ) -> FromCordon:
        """`target`: path and query, letter by letter as in the request line. `headers`: by their names in lower case,
        several lines of one joined by ", ". `body`: as it came. Raises Refused."""
        now = time.time() if now is None else now
        written = INPUT.fullmatch(headers.get("signature-input", ""))
        signature = SIGNATURE.fullmatch(headers.get("signature", ""))
        if written is None or signature is None:
            raise Refused("not signed by Cordon")
        signed, listed, parameters = written.groups()
        given = dict(PARAMETER.findall(parameters))
        nonce = given.get("nonce", "")
        if given.get("tag") != "cordon" or given.get("alg") != "ed25519" or len(nonce) < 16:
            raise Refused("tag, alg or nonce")
        try:
            created, expires = int(given["created"]), int(given["expires"])
        except (KeyError, ValueError):
            raise Refused("time") from None
        if not (created <= now + SKEW_SECONDS and now < expires and expires - created <= LONGEST_SECONDS):
            raise Refused("time")

        covered = listed[1:-1].split('" "')
        is_body_signed = "content-digest" in covered
        authority = headers.get("host", "").lower()
        if authority not in self._authorities:
            raise Refused("not this server")
        if len(set(covered)) != len(covered) or not ALWAYS.issubset(covered):
            raise Refused("not all is covered")
        if not is_body_signed and "cordon-body" not in covered:
            raise Refused("the body is not covered")
        for name in headers:
            if NEVER_UNSIGNED.fullmatch(name) and name not in covered:
                raise Refused(f"{name} is not covered")
        path, mark, query = target.partition("?")
        derived = {"@method": method, "@authority": authority, "@path": path or "/", "@query": f"?{query}"}
        values = {name: derived.get(name) or headers.get(name) for name in covered}
        if None in values.values():
            raise Refused("what is covered is missing")
        lines = [f'"{name}": {value}' for name, value in values.items()]
        base = "\n".join([*lines, f'"@signature-params": {signed}'])

        key = self._key_named(given.get("keyid", ""), now)
        if key is None:
            raise Refused("unknown key")
        try:
            key.verify(base64.b64decode(signature.group(1)), base.encode("latin-1"))
        except InvalidSignature:
            raise Refused("wrong signature") from None
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if is_body_signed and headers.get("content-digest") != f"sha-256=:{digest}:":
            raise Refused("another body")
        if not is_body_signed and headers.get("cordon-body") != "streamed":
            raise Refused("the body is not covered")
        if not self._is_first(nonce, expires):
            raise Refused("seen before")
        score = values.get("cordon-risk-score")
        return FromCordon(
            evaluation=values.get("cordon-evaluation"),
            decision=values.get("cordon-decision"),
            risk_score=None if score is None else int(score),
            ip=values.get("x-forwarded-for"),
            is_body_signed=is_body_signed,
        )

    def _key_named(self, key_id: str, now: float) -> Optional[Ed25519PublicKey]:
        """The set holds the keys before and after a rotation too. One that is not in it is looked for, but not for
        every stranger."""
        known = self._keys.get(key_id)
        # Waits for nobody else's: a made-up id would hold every payment up for as long as the set takes to come.
        if known is not None and now - self._asked_at < KEYS_GOOD_FOR_SECONDS:
            return known
        with self._asking:
            age = now - self._asked_at
            is_unknown = key_id not in self._keys
            if age >= KEYS_GOOD_FOR_SECONDS or (is_unknown and age >= KEYS_ASKED_EVERY_SECONDS):
                self._asked_at = now
                try:
                    self._keys = self._fetch_keys()
                except (OSError, ValueError, KeyError):
                    pass  # What cannot be fetched now leaves the keys as they were.
            return self._keys.get(key_id)

    def _fetch_keys(self) -> Mapping[str, Ed25519PublicKey]:
        with urllib.request.urlopen(self._keys_url, timeout=5) as answer:
            keys = json.load(answer)["keys"]
        signing = [key for key in keys if key.get("crv") == "Ed25519" and key.get("use") == "sig"]
        return {key["kid"]: Ed25519PublicKey.from_public_bytes(_bytes_of(key["x"])) for key in signing}


def _bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
