/**
 * Texts that others wrote, made inert: nothing that a terminal obeys, and nothing that turns or hides what stands beside
 * it. JSON keeps its meaning to the character; elsewhere such a character becomes `�`.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** `JSON.stringify` escapes the other control characters itself; line ends between its parts are its own. */
const UNSEEN_IN_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The same value as JSON.stringify's text, with everything escaped that is not to be seen. */
export function inertJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(UNSEEN_IN_JSON, escapeUnits);
}

export function inertText(text: string): string {
  return text.replaceAll(UNSEEN, '�');
}

// A character beyond the first plane is two units.
function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, at) => unit(character.charCodeAt(at))).join('');
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
