/**
 * Whether a payment's selection asks for what its outcome is told by, and lets nothing else answer in its place.
 * Without a schema, only a bare selection or a fragment without type condition surely applies (GraphQL, 5.5.2.3).
 */
import { type FieldNode, Kind, type SelectionNode } from 'graphql/language';
import { spend, TOO_COSTLY } from './graphql-allowance.ts';
import type { ResultShape } from './graphql-route.ts';
import { isAlwaysSelected, type Scope } from './graphql-selection.ts';
import type { Unreadable } from './unreadable.ts';

interface Checking {
  readonly scope: Scope;
  readonly asked: Set<string>;
  readonly visited: Set<string>;
}

interface Task {
  readonly selection: SelectionNode;
  readonly shape: ResultShape;
  /** Whether it is selected whatever the result's type and the variables are. */
  readonly isCertain: boolean;
}

/** What is wrong with the selection of a payment's result; null where the outcome can be read. */
export function checkResult(field: FieldNode, shape: ResultShape, scope: Scope): Unreadable | null {
  const checking = { scope, asked: new Set<string>(), visited: new Set<string>() };
  const fault = checkSelections(field, shape, checking);
  if (fault !== null) return fault;
  const untold = findUntold(shape, checking.asked);
  return untold === null ? null : { because: 'graphql_untold', field: untold };
}

function checkSelections(field: FieldNode, shape: ResultShape, checking: Checking): Unreadable | null {
  const stack = tasksOf(field.selectionSet?.selections, { shape, isCertain: true });
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
  const isCertain = task.isCertain && isAlwaysSelected(selection);
  switch (selection.kind) {
    case Kind.FIELD:
      return inspectField(selection, { shape, isCertain }, checking);
    case Kind.INLINE_FRAGMENT: {
      const isUntyped = selection.typeCondition === undefined;
      return tasksOf(selection.selectionSet.selections, { shape, isCertain: isCertain && isUntyped });
    }
    case Kind.FRAGMENT_SPREAD: {
      const name = selection.name.value;
      const fragment = checking.scope.fragments.get(name);
      if (fragment === undefined) return { because: 'graphql_undefined', name };
      // Inside, nothing is certain: one visit for each part of the shape sees all that could be renamed.
      const visit = `${name}${shape.pointer}`;
      if (checking.visited.has(visit)) return [];
      checking.visited.add(visit);
      return tasksOf(fragment.selectionSet.selections, { shape, isCertain: false });
    }
  }
}

/** An alias, an argument or a directive could make a name of the shape answer something else. */
function inspectField(field: FieldNode, { shape, isCertain }: Omit<Task, 'selection'>, checking: Checking) {
  const part = shape.parts.get(field.alias?.value ?? field.name.value);
  if (part === undefined) return [];
  const isPlain = field.name.value === field.alias?.value || field.alias === undefined;
  const isConditional = ({ name }: { name: { value: string } }) => name.value === 'skip' || name.value === 'include';
  if (!isPlain || (field.arguments ?? []).length > 0 || !(field.directives ?? []).every(isConditional)) {
    return { because: 'graphql_retold', field: part.pointer } as const;
  }
  if (isCertain) checking.asked.add(part.pointer);
  return tasksOf(field.selectionSet?.selections, { shape: part, isCertain });
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
