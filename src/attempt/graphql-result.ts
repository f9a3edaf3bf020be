/**
 * Whether a payment's selection asks for what its outcome is told by, and lets nothing else answer in its place.
 * Without a schema, a bare selection surely applies, and one in a fragment only to a result of that fragment's type
 * (GraphQL, 5.5.2.3).
 */
import { type FieldNode, Kind, type SelectionNode } from 'graphql/language';
import { spend, TOO_COSTLY } from './graphql-allowance.ts';
import type { PaymentOperation, ResultShape } from './graphql-route.ts';
import { isAlwaysSelected, type Scope } from './graphql-selection.ts';
import type { Unreadable } from './unreadable.ts';

interface Checking {
  readonly scope: Scope;
  /** What is asked for, by the type under which it is: see Task. */
  readonly asked: Map<string, Set<string>>;
  readonly visited: Set<string>;
}

interface Task {
  readonly selection: SelectionNode;
  readonly shape: ResultShape;
  /** The result's type if it must be of one for this to be selected; null where not even that makes it certain. */
  readonly under: string | null;
}

const ANY_TYPE = '';

/** What a request must ask for, and where. */
export type Telling = Pick<PaymentOperation, 'tellsByType'> & { readonly shape: ResultShape };

/** What is wrong with the selection of a payment's result; null where the outcome can be read. */
export function checkResult(field: FieldNode, telling: Telling, scope: Scope): Unreadable | null {
  const { shape, tellsByType } = telling;
  const asked = new Map<string, Set<string>>();
  const fault = checkSelections(field, shape, { scope, asked, visited: new Set<string>() });
  if (fault !== null) return fault;
  const bare = asked.get(ANY_TYPE) ?? new Set();
  const untold = findUntold(shape, bare) ?? findUntoldType(tellsByType, (type) => [bare, asked.get(type) ?? new Set()]);
  return untold === null ? null : { because: 'graphql_untold', field: untold };
}

function checkSelections(field: FieldNode, shape: ResultShape, checking: Checking): Unreadable | null {
  const stack = tasksOf(field.selectionSet?.selections, { shape, under: ANY_TYPE });
  for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
    if (!spend(checking.scope.allowance)) return TOO_COSTLY;
    const next = inspect(task, checking);
    if ('because' in next) return next;
    stack.push(...next);
  }
  return null;
}

function inspect(task: Task, checking: Checking): Unreadable | Task[] {
  const { selection, shape } = task;
  const under = isAlwaysSelected(selection) ? task.under : null;
  switch (selection.kind) {
    case Kind.FIELD:
      return inspectField(selection, { shape, under }, checking);
    case Kind.INLINE_FRAGMENT: {
      const type = selection.typeCondition?.name.value;
      return tasksOf(selection.selectionSet.selections, { shape, under: narrowed({ shape, under }, type) });
    }
    case Kind.FRAGMENT_SPREAD: {
      const name = selection.name.value;
      const fragment = checking.scope.fragments.get(name);
      if (fragment === undefined) return { because: 'graphql_undefined', name };
      const inside = narrowed({ shape, under }, fragment.typeCondition.name.value);
      const visit = `${name} ${inside ?? '?'} ${shape.pointer}`;
      if (checking.visited.has(visit)) return [];
      checking.visited.add(visit);
      return tasksOf(fragment.selectionSet.selections, { shape, under: inside });
    }
  }
}

/** Within a fragment on a type. Two types at once, or the type of a part of the result, make nothing certain. */
function narrowed({ shape, under }: Omit<Task, 'selection'>, type: string | undefined): string | null {
  if (type === undefined || under === null) return under;
  const isOfResult = shape.pointer === '';
  return isOfResult && (under === ANY_TYPE || under === type) ? type : null;
}

/** An alias, an argument or a directive could make a name of the shape answer something else. */
function inspectField(field: FieldNode, { shape, under }: Omit<Task, 'selection'>, checking: Checking) {
  const part = shape.parts.get(field.alias?.value ?? field.name.value);
  if (part === undefined) return [];
  const isPlain = field.name.value === field.alias?.value || field.alias === undefined;
  const isConditional = ({ name }: { name: { value: string } }) => name.value === 'skip' || name.value === 'include';
  if (!isPlain || (field.arguments ?? []).length > 0 || !(field.directives ?? []).every(isConditional)) {
    return { because: 'graphql_retold', field: part.pointer } as const;
  }
  if (under !== null) checking.asked.set(under, (checking.asked.get(under) ?? new Set()).add(part.pointer));
  return tasksOf(field.selectionSet?.selections, { shape: part, under });
}

function tasksOf(selections: readonly SelectionNode[] = [], rest: Omit<Task, 'selection'>): Task[] {
  return selections.map((selection) => ({ selection, ...rest }));
}

function findUntold({ parts }: ResultShape, asked: ReadonlySet<string>): string | null {
  for (const part of parts.values()) {
    if (part.isTold && !asked.has(part.pointer)) return part.pointer;
    const inside = findUntold(part, asked);
    if (inside !== null) return inside;
  }
  return null;
}

/** The first pointer of a type none of whose pointers is asked for where it would be answered. */
function findUntoldType(
  tellsByType: PaymentOperation['tellsByType'],
  askedOf: (type: string) => readonly ReadonlySet<string>[],
): string | null {
  for (const [type, pointers] of tellsByType) {
    const asked = askedOf(type);
    if (!pointers.some((pointer) => asked.some((set) => set.has(pointer)))) return `${pointers[0]} of ${type}`;
  }
  return null;
}
