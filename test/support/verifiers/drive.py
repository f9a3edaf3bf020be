"""Runs the Python example: a line of JSON in, a line of JSON out. Arguments: its folder, the keys' URL, its own name."""

import base64
import json
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True

from cordon_verifier import CordonVerifier, Refused  # noqa: E402

verifier = CordonVerifier(sys.argv[2], [sys.argv[3]])
for line in sys.stdin:
    asked = json.loads(line)
    try:
        told = verifier.verify(
            asked["method"], asked["target"], asked["headers"], base64.b64decode(asked["body"]), asked["now"] / 1000
        )
        said = {
            "ok": True,
            "evaluation": told.evaluation,
            "decision": told.decision,
            "riskScore": told.risk_score,
            "ip": told.ip,
            "isBodySigned": told.is_body_signed,
        }
    except Refused as refused:
        said = {"ok": False, "why": str(refused)}
    print(json.dumps(said), flush=True)
