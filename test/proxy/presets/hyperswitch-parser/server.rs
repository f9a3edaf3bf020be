//! Hyperswitch's front door with nothing behind it: actix-web with the routes, extractors and limits that Hyperswitch's
//! router gives it, and serde_qs for its imitation of Stripe. Answers every request with the route that took it, the
//! variables of its path and what the handler was handed. Prints its port on loopback. What it answered stands in
//! hyperswitch-record.json, which says of which versions; hyperswitch-actix.node.test.ts asks it anew where it is built.
//! After juspay/hyperswitch, crates/router: lib.rs, routes/app.rs, compatibility/stripe.rs and stripe/app.rs, and
//! compatibility/stripe/payment_intents (mod and types).
mod payment;

use actix_web::{http::Method, web, App, HttpRequest, HttpResponse, HttpServer, Scope};
use payment::{told, told_of_subscription, Payment, Subscription};
use serde::Deserialize;
use serde_json::{json, Value};

#[derive(Clone, Copy)]
enum Reads {
    Payment,
    StoredCard,
    Subscription,
    Form,
    Nothing,
}
use Reads::{Form, Nothing, StoredCard};

/// Path within its scope, methods, what is read of the body. The order is the one in which routes are asked.
type Resource = (&'static str, &'static str, Reads);

const PAYMENTS: &[Resource] = &[
    ("/list", "GET POST", Nothing),
    ("/profile/list", "GET POST", Nothing),
    ("/filter", "POST", Nothing),
    ("/v2/filter", "GET", Nothing),
    ("/aggregate", "GET", Nothing),
    ("/{payment_id}/manual-update", "PUT", Nothing),
    ("", "POST", Reads::Payment),
    ("/session_tokens", "POST", Nothing),
    ("/sync", "POST", Nothing),
    ("/{payment_id}", "POST", Reads::Payment),
    ("/{payment_id}/confirm", "POST", Reads::Payment),
    ("/{payment_id}/cancel", "POST", Nothing),
    ("/{payment_id}/capture", "POST", Nothing),
    ("/{payment_id}/{merchant_id}/redirect/response/{connector}", "GET POST", Nothing),
    ("/{payment_id}/{merchant_id}/redirect/complete/{connector}", "GET POST", Nothing),
    ("/{payment_id}/complete_authorize", "POST", Reads::Payment),
];

const STORED: &[Resource] = &[
    ("", "POST", StoredCard),
    ("/{payment_method_id}", "GET DELETE", Nothing),
    ("/{payment_method_id}/update", "POST", StoredCard),
    ("/{payment_method_id}/save", "POST", StoredCard),
];

const SECOND: &[Resource] = &[("", "POST", Reads::Payment), ("/create-intent", "POST", Nothing)];
const SECOND_OF_ID: &[Resource] = &[("/confirm-intent", "POST", Reads::Payment)];

const SUBSCRIPTIONS: &[Resource] = &[
    ("", "POST", Reads::Subscription),
    ("/{subscription_id}/confirm", "POST", Reads::Subscription),
    ("/create", "POST", Nothing),
    ("/{subscription_id}", "GET", Nothing),
];

const PAYMENT_INTENTS: &[Resource] = &[
    ("/list", "GET", Nothing),
    ("", "POST", Form),
    ("/sync", "POST", Nothing),
    ("/{payment_id}", "POST", Form),
    ("/{payment_id}/confirm", "POST", Form),
    ("/{payment_id}/capture", "POST", Nothing),
    ("/{payment_id}/cancel", "POST", Nothing),
];

const SETUP_INTENTS: &[Resource] = &[
    ("", "POST", Form),
    ("/{setup_id}", "POST", Form),
    ("/{setup_id}/confirm", "POST", Form),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    card: Option<StoredNumber>,
}

#[derive(Deserialize)]
struct StoredNumber {
    card_number: String,
}

#[derive(Deserialize)]
struct Intent {
    confirm: Option<bool>,
    payment_method_data: Option<MethodData>,
    mandate: Option<String>,
    metadata: Option<Value>,
}

#[derive(Deserialize)]
struct MethodData {
    #[serde(rename = "type")]
    #[allow(dead_code)]
    kind: Kind,
    #[serde(flatten)]
    details: Option<Details>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Card,
    Wallet,
    Upi,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Details {
    Card(IntentCard),
    Wallet(Value),
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct IntentCard {
    number: String,
    exp_month: String,
    exp_year: String,
    cvc: String,
}

fn told_of_form(intent: Intent) -> Value {
    let number = intent.payment_method_data.and_then(|data| data.details).map(|details| match details {
        Details::Card(card) => card.number,
        Details::Wallet(wallet) => wallet.to_string(),
    });
    json!({
        "confirm": intent.confirm, "number": number, "token": intent.mandate, "recurring": null,
        "metadata": intent.metadata,
    })
}

/// In their order, once more decoded, as `web::Path` hands them out.
type Variables = web::Path<Vec<String>>;

/// The route as it is declared: actix's own match_pattern() knows none where a fixed word was encoded.
struct Declared(String);

fn answer(request: &HttpRequest, variables: Variables, handed: Value) -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "route": request.app_data::<Declared>().map(|it| &it.0), "variables": variables.into_inner(), "handed": handed,
    }))
}

async fn take_payment(request: HttpRequest, variables: Variables, body: web::Json<Payment>) -> HttpResponse {
    answer(&request, variables, told(body.into_inner()))
}

async fn take_subscription(
    request: HttpRequest,
    variables: Variables,
    body: web::Json<Subscription>,
) -> HttpResponse {
    answer(&request, variables, told_of_subscription(body.into_inner()))
}

async fn take_card(request: HttpRequest, variables: Variables, body: web::Json<Stored>) -> HttpResponse {
    let number = body.into_inner().card.map(|card| card.card_number);
    let none: Option<bool> = None;
    answer(
        &request,
        variables,
        json!({ "confirm": none, "number": number, "token": none, "recurring": none, "metadata": none }),
    )
}

async fn take_form(
    request: HttpRequest,
    variables: Variables,
    forms: web::Data<serde_qs::Config>,
    body: web::Bytes,
) -> HttpResponse {
    match forms.deserialize_bytes(&body) {
        Ok(intent) => answer(&request, variables, told_of_form(intent)),
        Err(why) => HttpResponse::BadRequest().body(why.to_string()),
    }
}

async fn take_nothing(request: HttpRequest, variables: Variables) -> HttpResponse {
    answer(&request, variables, Value::Null)
}

/// `above`: the scopes that this one stands in.
fn scope(above: &str, path: &str, resources: &[Resource]) -> Scope {
    resources.iter().fold(web::scope(path), |scope, &(end, methods, reads)| {
        let declared = web::resource(end).app_data(Declared(format!("{above}{path}{end}")));
        let resource = methods.split(' ').fold(declared, |resource, method| {
            let route = web::method(Method::from_bytes(method.as_bytes()).expect("a method"));
            resource.route(match reads {
                Reads::Payment => route.to(take_payment),
                StoredCard => route.to(take_card),
                Reads::Subscription => route.to(take_subscription),
                Form => route.to(take_form),
                Nothing => route.to(take_nothing),
            })
        });
        scope.service(resource)
    })
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| {
        App::new()
            .app_data(web::JsonConfig::default().limit(32_768).content_type_required(true))
            .service(scope("", "/payments", PAYMENTS))
            .service(scope("", "/payment_methods", STORED))
            .service(scope("", "/subscriptions", SUBSCRIPTIONS))
            .service(scope("", "/v2/payments", SECOND).service(scope("/v2/payments", "/{payment_id}", SECOND_OF_ID)))
            .service(
                web::scope("/vs/v1")
                    .app_data(web::Data::new(serde_qs::Config::new(10, false)))
                    .service(scope("/vs/v1", "/setup_intents", SETUP_INTENTS))
                    .service(scope("/vs/v1", "/payment_intents", PAYMENT_INTENTS)),
            )
    })
    .workers(1)
    .bind(("127.0.0.1", 0))?;
    println!("{}", server.addrs()[0].port());
    server.run().await
}
