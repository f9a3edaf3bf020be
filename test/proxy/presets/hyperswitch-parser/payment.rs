//! What Hyperswitch reads of a payment in JSON. The shape follows juspay/hyperswitch, crates/api_models/src/payments.rs,
//! PaymentsRequest, in what decides: derived structs, unknown fields denied at the top, `payment_method_data` by way of
//! a Value, tagged enums.
use serde::{Deserialize, Deserializer};
use serde_json::{json, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    #[allow(dead_code)]
    amount: Option<u64>,
    confirm: Option<bool>,
    #[serde(default, deserialize_with = "method_data")]
    payment_method_data: Option<Method>,
    payment_token: Option<String>,
    recurring_details: Option<Recurring>,
    metadata: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    Card(Card),
    NetworkToken(NetworkToken),
    CardToken(Value),
}

#[derive(Deserialize)]
struct Card {
    card_number: String,
    #[allow(dead_code)]
    card_cvc: String,
}

#[derive(Deserialize)]
struct NetworkToken {
    network_token: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
enum Recurring {
    MandateId(String),
    PaymentMethodId(String),
    NetworkTransactionIdAndCardDetails(Card),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrValue {
    Text(String),
    Any(Value),
}

#[derive(Deserialize)]
struct Around {
    #[allow(dead_code)]
    billing: Option<Value>,
    #[serde(flatten)]
    method: Option<Value>,
}

/// A subscription's payment, of crates/api_models/src/subscription.rs: here the method is flattened into an Option, so
/// that one with a flaw is none.
#[derive(Deserialize)]
#[allow(dead_code)]
pub struct Subscription {
    payment_details: Details,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Details {
    payment_method_data: Option<Flattened>,
    payment_token: Option<String>,
    payment_method_id: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Flattened {
    #[serde(flatten)]
    method: Option<Method>,
}

fn method_data<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Method>, D::Error> {
    use serde::de::Error;
    match TextOrValue::deserialize(from)? {
        TextOrValue::Text(text) => Err(D::Error::custom(text)),
        TextOrValue::Any(value) => {
            let around: Around = serde_json::from_value(value).map_err(D::Error::custom)?;
            match around.method {
                Some(Value::Object(members)) if members.is_empty() => Ok(None),
                Some(method) => serde_json::from_value(method).map(Some).map_err(D::Error::custom),
                None => Ok(None),
            }
        }
    }
}

fn number_of(method: Method) -> String {
    match method {
        Method::Card(card) => card.card_number,
        Method::NetworkToken(token) => token.network_token,
        Method::CardToken(value) => value.to_string(),
    }
}

#[allow(dead_code)]
pub fn told_of_subscription(Subscription { payment_details: details }: Subscription) -> Value {
    json!({
        "confirm": true,
        "number": details.payment_method_data.and_then(|data| data.method).map(number_of),
        "token": details.payment_token,
        "recurring": details.payment_method_id,
        "metadata": null,
    })
}

pub fn told(payment: Payment) -> Value {
    let by_method = payment.payment_method_data.map(number_of);
    let recurring = payment.recurring_details.map(|details| match details {
        Recurring::MandateId(id) | Recurring::PaymentMethodId(id) => id,
        Recurring::NetworkTransactionIdAndCardDetails(card) => card.card_number,
    });
    json!({
        "confirm": payment.confirm,
        "number": by_method,
        "token": payment.payment_token,
        "recurring": recurring,
        "metadata": payment.metadata,
    })
}
