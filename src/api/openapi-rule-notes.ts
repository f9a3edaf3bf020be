/**
 * What the fields of a merchant's own rules mean, for the description of the API.
 */
export const RULE_NOTES: Readonly<Record<string, string>> = {
  rules:
    "The merchant's own rules, after all others but the risk score: a block first, then a challenge, then a review.",
  'rules.[].name': 'As it stands in reasons and statistics.',
  'rules.[].when':
    'An expression in CEL over `attempt`, `ip`, `card`, `customer`, `email`, `session`, `risk` and `counts`. It holds only where all that it hangs on is known.',
  'rules.[].then': 'What becomes of an attempt that it holds for. It shuts no key.',
  'rules.[].mode': '`shadow` records the reason and changes nothing.',
  'rules.[].strength': 'Of a challenge: how strong a step-up must be to meet it.',
};
