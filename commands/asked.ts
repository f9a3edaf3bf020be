// What a command is asked for, or why that makes no sense.

export function readOrTell<T>(read: () => T): T | { readonly fault: string } {
  try {
    return read();
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
