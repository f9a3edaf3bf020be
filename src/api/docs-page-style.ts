/**
 * How the documentation looks: light and dark, phone and desk, by the system's own fonts.
 */
export const DOCS_STYLE = `:root {
  color-scheme: light dark;
  --text: light-dark(#1c2530, #dfe5ec); --faint: light-dark(#55606d, #9aa7b5); --page: light-dark(#fff, #12171d);
  --raised: light-dark(#f3f5f8, #1b222b); --line: light-dark(#d5dbe2, #323d49); --link: light-dark(#0b57b0, #82b6ff);
  --get: light-dark(#0a6b3d, #6fd6a2); --post: light-dark(#0b57b0, #82b6ff); --put: light-dark(#875200, #f0bb69);
  --delete: light-dark(#b3261e, #ff9a92);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--text); background: var(--page); font: 1rem/1.55 system-ui, sans-serif; }
header, nav, main { padding: 1rem clamp(1rem, 4vw, 2.5rem); }
header { border-bottom: 1px solid var(--line); }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { margin: 0.5rem 0 0; } h2 { margin: 2.5rem 0 0.75rem; } h3 { margin: 0 0 0.5rem; }
p, li { max-width: 46rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--page); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav ul ul { padding-left: 0.75rem; }
nav a { display: flex; align-items: baseline; padding: 0.2rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav .method { flex: none; width: 3.25rem; font-size: 0.65rem; }
code, pre { font: 0.875em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
:not(pre) > code { overflow-wrap: anywhere; background: var(--raised); padding: 0.1em 0.3em; border-radius: 4px; }
pre { margin: 0; padding: 0.75rem 1rem; overflow-x: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; }
figure { margin: 0.75rem 0; }
figcaption { color: var(--faint); font-size: 0.8rem; }
.call, section[id^="schema-"] { margin: 0 0 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.line { font-size: 1.05rem; }
.method { font-weight: 700; font-size: 0.8em; letter-spacing: 0.04em; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .delete { color: var(--delete); }
.table { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); }
td:not(:last-child) > code { overflow-wrap: normal; }
.needed { font-size: 0.75rem; color: var(--delete); }
.problems a { display: inline-block; margin-right: 0.75rem; }
.default, .problems { color: var(--faint); font-size: 0.9rem; }
summary { cursor: pointer; padding: 0.25rem 0; }
main ol > li + li { margin-top: 0.5rem; }
nav summary { font-weight: 600; padding: 0.6rem 0; }
@media (max-width: 63.99rem) {
  nav { border-bottom: 1px solid var(--line); padding-block: 0.25rem; }
  nav a { padding: 0.35rem 0; }
}
/* No room for columns: the meaning of a field stands under its name. */
@media (max-width: 40rem) {
  table, tbody, tr { display: block; }
  thead { position: absolute; clip-path: inset(50%); white-space: nowrap; }
  tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  td { display: inline; padding: 0 0.5rem 0 0; border: 0; overflow-wrap: anywhere; }
  td:last-child { display: block; }
}
@media (min-width: 40rem) { td:first-child { min-width: 9.5rem; } td:last-child { min-width: 20rem; } }
@media (min-width: 64rem) {
  body { display: grid; grid-template-columns: 18rem minmax(0, 1fr); grid-template-areas: "head head" "nav main"; }
  header { grid-area: head; } main { grid-area: main; max-width: 68rem; }
  nav { grid-area: nav; position: sticky; top: 0; height: 100vh; overflow-y: auto; border-right: 1px solid var(--line); font-size: 0.92rem; }
}
/* A desk has room for the contents; a browser that cannot open them for good keeps its summary. */
@supports selector(::details-content) {
  @media (min-width: 64rem) {
    nav summary { display: none; }
    nav details::details-content { content-visibility: visible; }
  }
}
@media print { nav { display: none; } pre { white-space: pre-wrap; } }
`;
