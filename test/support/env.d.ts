declare namespace Cloudflare {
  interface Env {
    CORDON_MASTER_KEY: string;
    CORDON_ADMIN_KEY: string;
    CORDON_JWT_TESTS: string;
    CORDON_TURNSTILE_TESTS: string;
  }
}
