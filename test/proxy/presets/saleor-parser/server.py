"""The shop of shop.py as an ASGI application, for a server with a wire (uvicorn)."""

import io
import json

from shop import pay_for


async def app(scope, receive, send):
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    told = {"path": scope["path"], "length": len(body), **pay_for(scope, io.BytesIO(body))}
    text = json.dumps(told).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})
