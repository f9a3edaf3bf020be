"""What Saleor's server would make of requests: Django's requests and routes, Python's json, graphql-core 2.

The view is written after saleor/graphql/views.py and saleor/urls.py of saleor/saleor 3.22; from 3.24 on it parses with
orjson, which takes less. Reads a list of requests as JSON on stdin, writes for each which checkouts are paid.
"""

import io
import json
import sys
from urllib.parse import unquote

import django
from django.conf import settings

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], APPEND_SLASH=False)
django.setup()

from django.core.handlers.asgi import ASGIRequest  # noqa: E402
from django.urls import Resolver404, re_path, resolve  # noqa: E402
from graphql import build_ast_schema, execute, parse, validate  # noqa: E402

SCHEMA = build_ast_schema(
    parse(
        """
        schema { query: Query mutation: Mutation }
        scalar JSON
        scalar PositiveDecimal
        input PaymentGatewayToInitialize { id: String!, data: JSON }
        type TransactionEvent { type: String message: String }
        type Failure { field: String code: String message: String }
        type TransactionInitialize { transactionEvent: TransactionEvent data: JSON errors: [Failure!]! }
        type CheckoutLinesDelete { errors: [Failure!]! }
        type Shop { name: String }
        type Query { shop: Shop }
        type Mutation {
          transactionInitialize(
            id: ID!, amount: PositiveDecimal, paymentGateway: PaymentGatewayToInitialize!
          ): TransactionInitialize
          checkoutLinesDelete(id: ID, linesIds: [ID!]!): CheckoutLinesDelete
        }
        """
    )
)


def answer_with(value):
    return lambda _root, info, **args: value


def pay(_root, info, **args):
    info.context.append(args["id"])
    return {"errors": []}


for name in ("JSON", "PositiveDecimal"):
    scalar = SCHEMA.get_type(name)
    scalar.serialize = scalar.parse_value = lambda value: value
    scalar.parse_literal = lambda node: getattr(node, "value", True)
MUTATIONS = SCHEMA.get_type("Mutation").fields
MUTATIONS["transactionInitialize"].resolver = pay
MUTATIONS["checkoutLinesDelete"].resolver = answer_with({"errors": []})
SCHEMA.get_type("Query").fields["shop"].resolver = answer_with({})
for name in ("TransactionInitialize", "CheckoutLinesDelete", "TransactionEvent", "Failure", "Shop"):
    for field_name, field in SCHEMA.get_type(name).fields.items():
        field.resolver = lambda root, info, **args: (root or {}).get(info.field_name)


def parse_body(request):
    if request.content_type == "application/graphql":
        return {"query": request.body.decode("utf-8")}
    if request.content_type == "application/json":
        body = json.loads(request.body.decode("utf-8"))
        if isinstance(body, (dict, list)):
            return body
        raise ValueError("Invalid query.")
    if request.content_type in ["application/x-www-form-urlencoded", "multipart/form-data"]:
        return request.POST
    return {}


def put_file(value, path, file):
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in parents:
        value = value[part]
    value[last] = file


def graphql_params(request, data):
    query, variables = data.get("query"), data.get("variables")
    operation_name = data.get("operationName")
    if operation_name == "null":
        operation_name = None
    if request.content_type == "multipart/form-data":
        operations = json.loads(data.get("operations", "{}"))
        for key, paths in json.loads(data.get("map", "{}")).items():
            for path in paths:
                put_file(operations, path, key)
        query, variables = operations.get("query"), operations.get("variables")
    return (
        query if isinstance(query, str) else None,
        variables if isinstance(variables, dict) else None,
        operation_name if isinstance(operation_name, str) else None,
    )


def view(request, paid):
    if request.method != "POST":
        return
    data = parse_body(request)
    for entry in data if isinstance(data, list) else [data]:
        query, variables, operation_name = graphql_params(request, entry)
        if not query:
            continue
        document = parse(query)
        if not validate(SCHEMA, document):
            execute(SCHEMA, document, None, paid, variables, operation_name)


urlpatterns = [re_path(r"^graphql/$", view, name="api")]


def serve(asked):
    path, _, query = asked["path"].partition("?")
    body = bytes.fromhex(asked["body"])
    headers = [(b"host", b"shop.example"), (b"content-length", str(len(body)).encode())]
    if asked["type"]:
        headers.append((b"content-type", asked["type"].encode("latin-1")))
    scope = {
        "type": "http",
        "method": asked["method"],
        # As uvicorn makes it of the request line.
        "path": unquote(path),
        "query_string": query.encode("latin-1"),
        "headers": headers,
    }
    return pay_for(scope, io.BytesIO(body))


def pay_for(scope, body):
    """The checkouts that are paid, in their order. Whatever is raised on the way ends the request."""
    paid = []
    try:
        request = ASGIRequest(scope, body)
        resolve(request.path_info).func(request, paid)
    except Resolver404:
        return {"paid": paid, "because": "no such path"}
    except Exception as error:  # A view that raises pays nothing more.
        return {"paid": paid, "because": f"{type(error).__name__}: {error}"}
    return {"paid": paid, "because": None}


if __name__ == "__main__":
    json.dump([serve(asked) for asked in json.load(sys.stdin)], sys.stdout)
