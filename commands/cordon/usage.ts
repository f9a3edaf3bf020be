// What `--help` says, and the error of a command that makes no sense.

export const usage = `cordon: a merchant's command line

  merchant put FILE            write a configuration (FILE is JSON; - reads standard input)
  merchant show ID             read it
  merchant list                all merchants
  merchant delete ID           delete it, once its id is typed again    --yes  without asking
  versions ID                  what was in force, since when, and by whom
  difference ID VERSION        what a version changed; with one more VERSION, how the first differs from that
  restore ID VERSION           go back to it, once you have seen what that changes    --yes  without asking
  changes [ID]                 who changed what, the newest first    --from TIME  --to TIME  --who W  --what W
  keys ID                      its keys
  keys ID create               a new key, shown once    --name N  --scopes evaluate,report,manage
  keys ID revoke KEY_ID        refuse it from now on
  decisions ID                 the newest decisions      --since 6h  --from T  --to T  --decision D  --would-be D
                               --rule R  --country C  --asn N  --bin B  --ip A  --customer C  --session S  --route R
                               --fingerprint F  --outcome O  --limit N (50)  --csv FILE  --ndjson FILE (all of them)
  explain EVALUATION           one decision, with everything that is on record of it
  stats ID                     counts over time          --since 7d  --from T  --to T  --span S  --what W
  blocks ID                    what is shut, by which rule, until when
  unblock ID                   let a payer in again     --card  --ip A  --customer C  --email E
                               --card asks for the number, or reads it from standard input
  lease list ID                addresses that may be used for a while
  lease add ID CIDR            one more, its proof shown once      --owner O  --ttl SECONDS (3600)  --reason R
  lease renew ID LEASE_ID      asks for the proof, or reads it from standard input      --ttl SECONDS
  lease revoke ID LEASE_ID     gone at the next request
  list deny show ID            whom the deny list refuses, and why      --type T  --value V  (the same of list allow)
  list deny add ID TYPE VALUE  one more: ip, cidr, asn, country, card_fingerprint, card_bin, email, email_domain,
                               customer_id              --reason R  --until TIME  --card asks for the card's number
  list deny remove ID ITEM_ID  off the list at the next attempt
  list deny import ID FILE     many, as CSV (type,value,reason,expires_at)  --dry-run  --reason R  --until TIME
  bypass                       whose payments go on unjudged, until when, and why
  bypass ID                    the same of one merchant
  bypass ID --minutes N        let all payments of this merchant go on unjudged, for at most 1440      --reason R
  bypass ID --end              judge them again, before its time                                       --reason R
  bypass --rehearse            turns one on and off at the demo, and says how long each took
  attack ID show               what is attacked, since when, and what was said of it by hand
  attack ID on                 ask every stranger for a challenge, from the next attempt on
  attack ID off                ask nobody, whatever is attacked      (both: --for 2h  --until TIME  --reason R)
  attack ID auto               what is attacked is stepped up, as without a word by hand
  origin ID show               its servers: which are up, down or drained, and why
  origin ID drain NAME         send nothing to a country (NL) or a server (its host), from the next payment on
                               --for 2h  --until TIME  --reason R
  origin ID undrain NAME       send there again              --reason R
  tail [ID]                    the log, live: one line a decision     --decision D  --rule R
                               of npm start, or of the deployed Worker where --url is not this machine
                               --env production  --from FILE  follows a file, - reads standard input
  rule check 'EXPRESSION'      whether the expression of a rule is right (- reads standard input)
  doctor HOST                  what anybody can see of a shop's host, checked from outside, and what to do about it
                               --origin URL  a server that must refuse  --path P (/api/pay)  --http-port N
  feed add NAME FILE_OR_URL    import a list (- reads standard input), or have Cordon fetch it
                               --kind addresses|networks|bins  --refresh SECONDS  --score N  --force
  feed list                    all lists, how old they are, and what is wrong with them
  feed show NAME               one of them, with its first bad lines
  feed remove NAME             forget it
  alerts ID                    what is wrong, and who was told of it
  alerts test ID               send a test message now, and say what came back
  alerts resend ID MESSAGE_ID  send a message once more
  journal dead                 what the record could not take in, and why
  journal replay               try that again
  journal reconcile ID         compare the record with the merchant's gate, and put in what is missing

  --url URL                    where Cordon is: else CORDON_URL, else https://localhost:8787 (PORT)
  --key-file FILE              holds the key: else CORDON_ADMIN_KEY, else .dev.vars on loopback
  --json                       for programs
  --help

Ends with 0; 1 when Cordon refused; 2 when the command makes no sense; 3 when Cordon cannot be reached.
`;

/** The command makes no sense; the message never repeats an argument, which may be a card number. */
export class UsageError extends Error {}
