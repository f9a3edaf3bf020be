<?php
/**
 * Opens what a shop's page has sealed for it (docs/sealed-cards.md), by PHP's own openssl (PHP 8.1). As a command:
 * php open.php KEY.json AUDIENCE < BODY, where KEY.json is the private JWK with its kid.
 */

declare(strict_types=1);

final class SealedException extends RuntimeException {}

/** The payment as the page gave it to cordon.seal, its id, and when it ends in seconds since the epoch. */
function open_sealed(string $body, array $keys, string $audience, ?int $now = null): array
{
    $jwe = json_decode($body, true);
    $known = array_column($keys, null, 'kid');
    foreach ($jwe['recipients'] ?? [] as $one) {
        if (isset($known[$one['header']['kid'] ?? ''])) $recipient = $one;
    }
    if (!isset($recipient)) throw new SealedException('it is for none of these keys');
    $header = json_decode(base64url($jwe['protected']), true);
    if ($header !== ['alg' => 'ECDH-ES+A256KW', 'enc' => 'A256GCM']) throw new SealedException('it is sealed otherwise');
    $key = $known[$recipient['header']['kid']];
    $content = unwrap(base64url($recipient['encrypted_key']), agree($key, $recipient['header']['epk']));
    [$iv, $tag] = [base64url($jwe['iv']), base64url($jwe['tag'])];
    if (strlen($iv) !== 12 || strlen($tag) !== 16) throw new SealedException('it is sealed otherwise');
    $ciphertext = base64url($jwe['ciphertext']);
    $text = openssl_decrypt($ciphertext, 'aes-256-gcm', $content, OPENSSL_RAW_DATA, $iv, $tag, $jwe['protected']);
    if ($text === false) throw new SealedException('it does not open');
    $claims = json_decode($text, true, 64, JSON_THROW_ON_ERROR);
    if ($claims['aud'] !== $audience) throw new SealedException('it is for somebody else');
    if ($claims['exp'] <= ($now ?? time())) throw new SealedException('its time is over');
    return ['payment' => $claims['payment'], 'id' => $claims['jti'], 'expires_at' => $claims['exp']];
}

/** ECDH on P-256, and the Concat KDF of RFC 7518, section 4.6.2, for 256 bits. */
function agree(array $mine, array $theirs): string
{
    $point = fn (array $jwk) => "\x04" . coordinate($jwk['x']) . coordinate($jwk['y']);
    $curve = hex2bin('06082a8648ce3d030107');
    $public = hex2bin('3059301306072a8648ce3d0201') . $curve . hex2bin('034200') . $point($theirs);
    $private = hex2bin('30770201010420') . coordinate($mine['d']) . "\xa0\x0a" . $curve . hex2bin('a144034200') . $point($mine);
    $pem = fn (string $name, string $der) => "-----BEGIN $name-----\n" . chunk_split(base64_encode($der)) . "-----END $name-----\n";
    $peer = openssl_pkey_get_public($pem('PUBLIC KEY', $public));
    $key = openssl_pkey_get_private($pem('EC PRIVATE KEY', $private));
    $shared = $peer && $key ? openssl_pkey_derive($peer, $key) : false;
    if ($shared === false) throw new SealedException('it does not open');
    $name = 'ECDH-ES+A256KW';
    return hash('sha256', pack('N', 1) . $shared . pack('N', strlen($name)) . $name . pack('NNN', 0, 0, 256), true);
}

/** AES key unwrap (RFC 3394, section 2.2.2). */
function unwrap(string $wrapped, string $key): string
{
    if (strlen($wrapped) !== 40) throw new SealedException('it does not open');
    $blocks = str_split($wrapped, 8);
    $count = count($blocks) - 1;
    for ($round = 5; $round >= 0; $round--) {
        for ($i = $count; $i >= 1; $i--) {
            $a = $blocks[0] ^ pack('J', $count * $round + $i);
            $options = OPENSSL_RAW_DATA | OPENSSL_ZERO_PADDING;
            [$blocks[0], $blocks[$i]] = str_split(openssl_decrypt($a . $blocks[$i], 'aes-256-ecb', $key, $options), 8);
        }
    }
    if (!hash_equals(str_repeat("\xa6", 8), $blocks[0])) throw new SealedException('it does not open');
    return implode('', array_slice($blocks, 1));
}

function coordinate(string $text): string
{
    $bytes = base64url($text);
    if (strlen($bytes) !== 32) throw new SealedException('it does not open');
    return $bytes;
}

function base64url(string $text): string
{
    $bytes = base64_decode(strtr($text, '-_', '+/'), true);
    return $bytes === false ? throw new SealedException('it is malformed') : $bytes;
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    $key = json_decode(file_get_contents($argv[1]), true);
    echo json_encode(open_sealed(stream_get_contents(STDIN), [$key], $argv[2])), "\n";
}
