<?php
// Runs the PHP example: a line of JSON in, a line of JSON out. Arguments: its folder, the keys' URL, its own name, a folder.
declare(strict_types=1);

require $argv[1] . '/CordonVerifier.php';

$verifier = new CordonVerifier($argv[2], [$argv[3]], $argv[4]);
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true, 16, JSON_THROW_ON_ERROR);
    try {
        ['method' => $method, 'target' => $target, 'headers' => $headers, 'body' => $body, 'now' => $now] = $asked;
        $told = $verifier->verify($method, $target, $headers, base64_decode($body), intdiv($now, 1000));
        $said = ['ok' => true, ...get_object_vars($told)];
    } catch (RefusedByCordonVerifier $refused) {
        $said = ['ok' => false, 'why' => $refused->getMessage()];
    }
    echo json_encode($said), "\n";
}
