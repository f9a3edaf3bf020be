import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const TEST_SECRETS = {
  CORDON_ENV: 'development',
  CORDON_MASTER_KEY: btoa('a master key of 32 bytes, made up'.slice(0, 32)),
  CORDON_ADMIN_KEY: 'admin-key-of-the-tests',
  CORDON_JWT_TESTS: 'a shared secret that only the tests know',
  CORDON_WEBHOOK_STRIPE: 'whsec_that_only_the_tests_know',
  CORDON_WEBHOOK_STRIPE_NEXT: 'whsec_that_comes_next',
  CORDON_WEBHOOK_ADYEN: 'ab'.repeat(32),
  CORDON_PROCESSOR_STRIPE: 'sk_that_only_the_tests_know',
  CORDON_REPUTATION_ABUSEIPDB: 'abuse_key_that_only_the_tests_know',
  CORDON_ALERT_TESTS: `whsec_${btoa('a secret of 24 bytes or more')}`,
  CORDON_ALERT_NEXT: `whsec_${btoa('the secret that comes next, 24+')}`,
  CORDON_ALERT_BAD: 'no secret of that form',
  CORDON_TURNSTILE_TESTS: '0x4AAAAAAA_that_only_the_tests_know',
  CORDON_TURNSTILE_DUMMY: '1x0000000000000000000000000000000AA',
  CORDON_IDENTITY_TESTS: 'rk_test_that_only_the_tests_know',
  CORDON_WEBHOOK_IDENTITY: 'whsec_of_identity_that_only_the_tests_know',
  CORDON_REPUTATION_IPQUALITYSCORE: 'ipqs_key_that_only_the_tests_know',
};

/** Stands in for an mTLS binding, which cannot be simulated: says what it was asked. */
async function behindCertificate(request: Request): Promise<Response> {
  const { method, url, headers } = request;
  const body = await request.text();
  const asked = { method, url, headers: Object.fromEntries(headers), body };
  return Response.json({ id: 'pay_1', status: 'succeeded', asked });
}

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: TEST_SECRETS, serviceBindings: { ORIGIN_TESTS: behindCertificate } },
          }),
        ],
        test: {
          name: 'workerd',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.node.test.ts', 'test/browser/**'],
          // The first test of a file loads the Worker: on a busy machine that alone has taken five seconds.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        // What needs a whole runtime of its own, or the tree itself: run from Node.
        test: { name: 'node', include: ['test/**/*.node.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
