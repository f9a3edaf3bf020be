<?php
/**
 * Lets a server take requests from Cordon alone: RFC 9421 with Ed25519. Needs PHP 8.1 with sodium, which it has had since
 * 7.2. docs/signed-requests.md tells how it is used.
 */
declare(strict_types=1);

/** The request is not from Cordon, or not as Cordon sent it. */
final class RefusedByCordonVerifier extends RuntimeException
{
}

/** `evaluation`, `decision`, `riskScore`: null where Cordon judged nothing. A paying path must not take that. */
final class FromCordon
{
    public function __construct(
        public readonly ?string $evaluation,
        public readonly ?string $decision,
        public readonly ?int $riskScore,
        public readonly ?string $ip,
        /** False for a body that Cordon passed on as a stream: nothing is known of it. */
        public readonly bool $isBodySigned,
    ) {
    }
}

final class CordonVerifier
{
    private const ALWAYS = ['@method', '@authority', '@path', '@query', 'x-forwarded-host', 'x-forwarded-proto'];
    private const NEVER_UNSIGNED = '/^(?:cordon-.*|x-forwarded-for)$/D';
    private const LONGEST_SECONDS = 120;
    private const SKEW_SECONDS = 5;
    private const KEYS_GOOD_FOR_SECONDS = 300;
    private const KEYS_ASKED_EVERY_SECONDS = 10;
    // Cordon's signature is the first of each field, in this form. A client's own may follow.
    private const INPUT = '/^cordon=(\(("[a-z@-]+"(?: "[a-z@-]+")*)\)((?:;[a-z]+=(?:[0-9]{1,12}|"[\w+\/=.:-]*"))+))(?:, |$)/D';
    private const SIGNATURE = '/^cordon=:([A-Za-z0-9+\/]{86}==):(?:, |$)/D';

    /**
     * @param string $keysUrl https://<the shop's host>/.cordon/jwks.json
     * @param string[] $authorities what this server is called in `origin.pool`, with the port where it is not 443
     * @param string $folder of this server's own, not below its document root: keys and nonces are kept in it. Several
     *     servers need one store of nonces for all: give it as $isFirst (Redis's `SET nonce 1 NX EXAT expires`).
     * @param null|Closure(string, int): bool $isFirst whether nobody showed this nonce before
     */
    public function __construct(
        private readonly string $keysUrl,
        private readonly array $authorities,
        private readonly string $folder,
        private readonly ?Closure $isFirst = null,
    ) {
    }

    /** The request that PHP answers. */
    public function verifyThis(): FromCordon
    {
        $headers = [];
        foreach ($_SERVER as $name => $value) {
            if (str_starts_with($name, 'HTTP_')) {
                $headers[strtolower(strtr(substr($name, 5), '_', '-'))] = $value;
            }
        }
        if (isset($_SERVER['CONTENT_TYPE'])) {
            $headers['content-type'] = $_SERVER['CONTENT_TYPE'];
        }
        $body = (string) file_get_contents('php://input');
        return $this->verify($_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], $headers, $body, time());
    }

    /**
     * @param string $target path and query, letter by letter as in the request line
     * @param array<string, string> $headers by their names in lower case, several lines of one joined by ", "
     * @param string $body as it came. Not what PHP made of it: a multipart form leaves php://input empty.
     * @param int $now in seconds since the epoch
     * @throws RefusedByCordonVerifier
     */
    public function verify(string $method, string $target, array $headers, string $body, int $now): FromCordon
    {
        $isWritten = preg_match(self::INPUT, $headers['signature-input'] ?? '', $written);
        $isSigned = preg_match(self::SIGNATURE, $headers['signature'] ?? '', $signature);
        $isWritten && $isSigned || self::refuse('not signed by Cordon');
        [, $signed, $list, $parameters] = $written;
        preg_match_all('/;([a-z]+)="?([^";]*)/', $parameters, $pairs);
        $given = array_combine($pairs[1], $pairs[2]);
        $nonce = $given['nonce'] ?? '';
        $isOurs = ($given['tag'] ?? '') === 'cordon' && ($given['alg'] ?? '') === 'ed25519' && strlen($nonce) >= 16;
        $isOurs || self::refuse('tag, alg or nonce');
        [$created, $expires] = [(int) ($given['created'] ?? PHP_INT_MAX), (int) ($given['expires'] ?? 0)];
        $isNow = $created <= $now + self::SKEW_SECONDS && $now < $expires && $expires - $created <= self::LONGEST_SECONDS;
        $isNow || self::refuse('time');

        $covered = explode('" "', substr($list, 1, -1));
        $isBodySigned = in_array('content-digest', $covered, true);
        $authority = strtolower($headers['host'] ?? '');
        in_array($authority, $this->authorities, true) || self::refuse('not this server');
        $isAll = array_diff(self::ALWAYS, $covered) === [] && count(array_unique($covered)) === count($covered);
        $isAll || self::refuse('not all is covered');
        $isBodySigned || in_array('cordon-body', $covered, true) || self::refuse('the body is not covered');
        foreach (array_keys($headers) as $name) {
            $isStray = preg_match(self::NEVER_UNSIGNED, (string) $name) === 1 && !in_array($name, $covered, true);
            $isStray && self::refuse("$name is not covered");
        }
        [$path, $query] = [...explode('?', $target, 2), ''];
        $path = $path === '' ? '/' : $path;
        $derived = ['@method' => $method, '@authority' => $authority, '@path' => $path, '@query' => "?$query"];
        $base = '';
        foreach ($covered as $name) {
            $value = $derived[$name] ?? $headers[$name] ?? self::refuse("$name is missing");
            $base .= "\"$name\": $value\n";
        }
        $base .= "\"@signature-params\": $signed";

        $key = $this->keyNamed($given['keyid'] ?? '', $now) ?? self::refuse('unknown key');
        $bytes = (string) base64_decode($signature[1], true);
        sodium_crypto_sign_verify_detached($bytes, $base, $key) || self::refuse('wrong signature');
        $digest = 'sha-256=:' . base64_encode(hash('sha256', $body, true)) . ':';
        !$isBodySigned || $headers['content-digest'] === $digest || self::refuse('another body');
        $isBodySigned || $headers['cordon-body'] === 'streamed' || self::refuse('the body is not covered');
        $isFirst = $this->isFirst ?? $this->isFirstHere(...);
        $isFirst($nonce, $expires) || self::refuse('seen before');
        $told = fn (string $name): ?string => in_array($name, $covered, true) ? $headers[$name] : null;
        $score = $told('cordon-risk-score');
        return new FromCordon(
            $told('cordon-evaluation'),
            $told('cordon-decision'),
            $score === null ? null : (int) $score,
            $told('x-forwarded-for'),
            $isBodySigned,
        );
    }

    /** The set holds the keys before and after a rotation too. One not in it is looked for, but not for every stranger. */
    private function keyNamed(string $id, int $now): ?string
    {
        [$keys, $isDue] = $this->keptKeys($id, $now);
        $lock = $isDue ? fopen("$this->folder/cordon-keys.lock", 'c') : false;
        // One process asks, and who lacks a key waits for it: made-up ids would make every process ask, and wait.
        if ($lock !== false && flock($lock, isset($keys[$id]) ? LOCK_EX | LOCK_NB : LOCK_EX)) {
            [$keys, $isDue] = $this->keptKeys($id, $now);
            if ($isDue) {
                // What cannot be fetched now leaves the keys as they were.
                $keys = $this->fetchKeys() ?? $keys;
                $part = tempnam($this->folder, 'keys');
                file_put_contents($part, json_encode(['asked_at' => $now, 'keys' => $keys]));
                rename($part, "$this->folder/cordon-keys.json");
            }
            flock($lock, LOCK_UN);
        }
        $key = base64_decode(strtr($keys[$id] ?? '', '-_', '+/'), true);
        return is_string($key) && strlen($key) === SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES ? $key : null;
    }

    /** @return array{array<string, string>, bool} the keys, and whether they are to be asked for */
    private function keptKeys(string $id, int $now): array
    {
        $file = "$this->folder/cordon-keys.json";
        $kept = is_file($file) ? json_decode((string) file_get_contents($file), true) : null;
        $keys = $kept['keys'] ?? [];
        $age = $now - ($kept['asked_at'] ?? 0);
        $isOld = $age >= self::KEYS_GOOD_FOR_SECONDS;
        return [$keys, $isOld || (!isset($keys[$id]) && $age >= self::KEYS_ASKED_EVERY_SECONDS)];
    }

    /** @return null|array<string, string> */
    private function fetchKeys(): ?array
    {
        $context = stream_context_create(['http' => ['timeout' => 5]]);
        $set = json_decode((string) @file_get_contents($this->keysUrl, false, $context), true);
        if (!is_array($set['keys'] ?? null)) {
            return null;
        }
        $isSigning = fn (array $key): bool => ($key['crv'] ?? '') === 'Ed25519' && ($key['use'] ?? '') === 'sig';
        return array_column(array_filter($set['keys'], $isSigning), 'x', 'kid');
    }

    /** One file a nonce, made by whoever is first. Good for one server. */
    private function isFirstHere(string $nonce, int $expires): bool
    {
        $folder = "$this->folder/cordon-nonces";
        is_dir($folder) || @mkdir($folder, 0700, true);
        $file = @fopen("$folder/" . hash('sha256', $nonce), 'x');
        if ($file === false) {
            return false;
        }
        fclose($file);
        if (random_int(1, 100) === 1) {
            foreach (glob("$folder/*") ?: [] as $old) {
                filemtime($old) < time() - 2 * self::LONGEST_SECONDS && @unlink($old);
            }
        }
        return true;
    }

    private static function refuse(string $why): never
    {
        throw new RefusedByCordonVerifier($why);
    }
}
