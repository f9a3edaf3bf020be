/**
 * V8's inspector protocol with one worker of a runtime that was started with `--inspector-addr`.
 */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result, error } = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: unknown };
      if (id === undefined) return;
      this.#waiting.get(id)?.(result ?? error);
      this.#waiting.delete(id);
    });
  }

  static async open(port: number, service: string): Promise<Inspector> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${service}`);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    return new Inspector(socket);
  }

  call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#count;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  close(): void {
    this.#socket.close();
  }
}
