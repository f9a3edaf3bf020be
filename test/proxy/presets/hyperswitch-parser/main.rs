//! What serde makes of a payment for Hyperswitch: reads a list of bodies, writes what the server would be handed, or
//! null where serde refuses. Built by hyperswitch-around.node.test.ts.
mod payment;

use payment::told;
use serde_json::Value;

fn main() {
    let bodies: Vec<String> = serde_json::from_reader(std::io::stdin()).expect("a list of bodies");
    let answers = bodies.iter().map(|body| serde_json::from_slice(body.as_bytes()).map_or(Value::Null, told));
    println!("{}", Value::Array(answers.collect()));
}
