/**
 * Reads the shell lines of the documentation as a shell and curl would, as far as those lines go.
 */
export type Variables = Readonly<Record<string, string>>;

/** The request that a documented `curl` line sends. Throws on what a shell or curl would not take. */
export function requestOf(line: string, variables: Variables): Request {
  const [command, ...words] = wordsOf(line, variables);
  if (command !== 'curl') throw new Error(`${command} is not curl`);
  const headers = new Headers();
  let method = 'GET';
  let body: string | null = null;
  let url = '';
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const argument = () => words[++at] ?? '';
    if (word === '-X') method = argument();
    else if (word === '-H') headers.append(...headerOf(argument()));
    else if (word === '--json') {
      body = argument();
      if (method === 'GET') method = 'POST';
      headers.set('content-type', 'application/json');
      headers.set('accept', 'application/json');
    } else if (word === '--data-binary') body = argument();
    else if (word.startsWith('-')) throw new Error(`curl option ${word}`);
    else url = word;
  }
  return new Request(url, { method, headers, body });
}

function headerOf(text: string): [string, string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1).trim()];
}

// Words are bare, "…" with variables, or '…' without, or several of these in one; a backslash at the end of a line goes on.
function wordsOf(line: string, variables: Variables): readonly string[] {
  const words = line.replaceAll('\\\n', ' ').match(/(?:"[^"]*"|'[^']*'|[^\s"']+)+/g) ?? [];
  const parts = (word: string) => word.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  return words.map((word) =>
    parts(word)
      .map((part) => textOf(part, variables))
      .join(''),
  );
}

function textOf(part: string, variables: Variables): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  const open = part.startsWith('"') ? part.slice(1, -1) : part;
  return open.replaceAll(/\$([A-Z_]+)/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`$${name} is not set`);
    return value;
  });
}
