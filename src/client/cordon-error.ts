/**
 * Why a call to Cordon came to nothing: one error whose `failure` says which of the three it was, with its evidence.
 */
export interface Fault {
  /** JSON Pointer of the field. */
  readonly path: string;
  readonly message: string;
}

export type Failure =
  /** Cordon answered, and said no. `code` is from the closed list in the documentation. */
  | {
      readonly kind: 'problem';
      readonly status: number;
      readonly code: string;
      readonly title: string;
      readonly detail: string | null;
      /** Every fault of a body or a configuration; empty for other codes. */
      readonly errors: readonly Fault[];
    }
  | { readonly kind: 'no_answer'; readonly because: 'timeout' | 'network' }
  /** Something answered that is not Cordon, or not this version of it. */
  | { readonly kind: 'foreign_answer'; readonly status: number };

export class CordonError extends Error {
  override readonly name = 'CordonError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(messageOf(failure), options);
    this.failure = failure;
  }

  /** The problem's code; null when Cordon did not answer. */
  get code(): string | null {
    return this.failure.kind === 'problem' ? this.failure.code : null;
  }

  /** Whether Cordon could not be asked, in contrast to: it was asked and said no. */
  get isUnreachable(): boolean {
    return isUnreachable(this.failure);
  }
}

function isUnreachable(failure: Failure): boolean {
  switch (failure.kind) {
    case 'no_answer':
      return true;
    case 'problem':
      return failure.status >= 500;
    // Another 4xx is a wrong URL or a firewall's word: that is mended, not waited for.
    case 'foreign_answer':
      return failure.status < 400 || failure.status >= 500 || failure.status === 408 || failure.status === 429;
  }
}

function messageOf(failure: Failure): string {
  switch (failure.kind) {
    case 'problem': {
      const faults = failure.errors.map(({ path, message }) => `${path || 'the whole'}: ${message}`);
      const detail = failure.detail === null ? faults : [failure.detail, ...faults];
      return [`${failure.title} (${failure.code})`, ...detail].join('; ');
    }
    case 'no_answer':
      return failure.because === 'timeout' ? 'Cordon did not answer in time' : 'Cordon could not be reached';
    case 'foreign_answer':
      return `what answered is not Cordon (status ${failure.status})`;
  }
}
