"""Opens what a shop's page has sealed for it (docs/sealed-cards.md), by jwcrypto: `pip install jwcrypto`, or Debian's
python3-jwcrypto. As a command: python3 open.py KEY.json AUDIENCE < BODY, where KEY.json is the private JWK with its kid.
"""

import json
import sys
import time

from jwcrypto import jwe, jwk

ALGORITHMS = ["ECDH-ES+A256KW", "A256GCM"]


class SealedError(Exception):
    """The sealed payment is refused."""


def open_sealed(body: str, keys: list[dict], audience: str, now: float | None = None) -> dict:
    """The payment as the page gave it to cordon.seal, its id, and when it ends in seconds since the epoch."""
    try:
        sealed = json.loads(body)
        known = {key["kid"]: key for key in keys}
        ours = next(one for one in sealed["recipients"] if one["header"]["kid"] in known)
        token = jwe.JWE(algs=ALGORITHMS)
        # Alone: of several recipients jwcrypto takes whichever the key opens, whatever their names.
        alone = json.dumps({**sealed, "recipients": [ours]})
        token.deserialize(alone, key=jwk.JWK(**known[ours["header"]["kid"]]))
        claims = json.loads(token.payload)
    except (ValueError, KeyError, TypeError, StopIteration, jwe.InvalidJWEData) as error:
        raise SealedError("it does not open") from error
    if claims["aud"] != audience:
        raise SealedError("it is for somebody else")
    if claims["exp"] <= (time.time() if now is None else now):
        raise SealedError("its time is over")
    return {"payment": claims["payment"], "id": claims["jti"], "expires_at": claims["exp"]}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        private = json.load(file)
    print(json.dumps(open_sealed(sys.stdin.read(), [private], sys.argv[2])))
