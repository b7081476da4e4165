// What is behind the lines that somebody pastes: looked up as `bybit-lint explain` does, see knowledge/messages.py.
const CODE = /(?:ErrCode|ret_?Code)["']?\s*(?:[:=]\s*)?(-?\d{1,9})(?!\d)/i;
const TELLING = 6; // characters from which on part of a text says which one is meant
const HELD = 12; // from which on the words of a code are looked for in a longer line
const GAP = 200; // characters that `{}` may stand for
const LINES = 500;
const MOST = 8;

export const squeezed = (text) =>
  text.replaceAll("\\u003e", ">").replaceAll("\\u003c", "<").replace(/\s+/g, "").toLowerCase().replace(/\.+$/, "");

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export class Table {
  constructor({ texts, codes, names }) {
    this.texts = texts.map((row) => ({ ...row, whole: squeezed(row.text), pattern: Table.pattern(row.pieces) }));
    this.codes = new Map(codes.map((row) => [row.code, row]));
    this.names = Object.entries(names);
  }

  static pattern(pieces) {
    return new RegExp(pieces.map(escaped).join(`[^]{0,${GAP}}?`));
  }

  // What a line says: the text that stands in it, else texts that it is a part of, else its code, else codes by words.
  line(line) {
    const asked = squeezed(line);
    if (!asked) return [];
    if (/^-?\d{1,9}$/.test(asked)) return this.code(Number(asked));
    const code = CODE.exec(line)?.[1];
    const fitting = code === undefined ? this.texts : this.texts.filter((t) => t.code === Number(code) || t.isOfPybit);
    const held = longest(fitting.filter((t) => t.pattern.test(asked)), (t) => t.text.length);
    if (held.length) return held.slice(0, 1);
    const parts = asked.length >= TELLING ? fitting.filter((t) => t.whole.includes(asked)) : [];
    if (parts.length) return parts;
    if (code !== undefined && this.codes.has(Number(code))) return this.code(Number(code));
    const words = [...this.codes.values()].flatMap((row) => row.words.map((words) => ({ words, row })));
    const told = longest(words.filter(({ words }) => words.length >= HELD && asked.includes(words)), (w) => w.words.length);
    const meant = told.length || asked.length < TELLING ? told : words.filter((w) => w.words.includes(asked));
    return [...new Set(meant.map(({ row }) => row))];
  }

  code(code) {
    return [this.codes.get(code)].filter(Boolean);
  }

  named(word) {
    const asked = word.trim().toLowerCase();
    const found = asked ? this.names.filter(([name]) => name.toLowerCase().includes(asked)) : [];
    const whole = found.filter(([name]) => name.toLowerCase() === asked);
    return (whole.length ? whole : found).map(([name, place]) => ({ said: "page", text: name, place }));
  }

  answers(pasted) {
    const lines = pasted.split("\n").slice(0, LINES);
    const found = [...new Set(lines.flatMap((line) => this.line(line)))];
    return found.length || lines.length > 1 ? found : this.named(pasted);
  }
}

function longest(found, length) {
  const most = Math.max(0, ...found.map(length));
  return found.filter((each) => length(each) === most);
}

// --- the page --------------------------------------------------------------------------------------------------------

const form = document.querySelector("form.says");
if (form) start(form);

async function start(form) {
  const said = form.querySelector("textarea");
  const answers = document.getElementById("answers");
  const [first, home] = [[...answers.childNodes], new URL("..", import.meta.url)];
  const table = new Table(await (await fetch(new URL("assets/texts.json", home))).json());

  function show() {
    const found = table.answers(said.value);
    const shown = found.slice(0, MOST).map((each) => answer(each, home));
    const more = found.length > MOST ? [element("p", `and ${found.length - MOST} more: say a little more of it`)] : [];
    const asked = said.value.trim();
    answers.replaceChildren(...(found.length ? [...shown, ...more] : asked ? unknown(asked, home) : first));
  }

  said.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of form.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      said.value = button.textContent;
      show();
      said.focus();
    });
  }
  said.focus({ preventScroll: true });
  show(); // a browser may remember what was pasted
}

function answer({ said, text, meaning, do: done, rules, place }, home) {
  const box = element("article");
  const head = element("h3");
  head.append(link(text ?? said, new URL(place, home)), ...(text && said !== "page" ? [element("small", said)] : []));
  box.append(head);
  if (meaning) box.append(element("p", meaning));
  if (done) box.append(element("p", done, "do"));
  if (rules?.length) {
    const listed = element("p", "Prevented by ");
    rules.forEach((rule, at) => listed.append(at ? ", " : "", link(rule.name, new URL(rule.place, home))));
    box.append(listed);
  }
  return box;
}

function unknown(asked, home) {
  const text = element("p", "No table here knows this. ");
  const words = asked.split("\n").at(-1).slice(0, 80);
  text.append(link("Search the pages for it", new URL(`?q=${encodeURIComponent(words)}`, home)));
  return [text];
}

function link(text, address) {
  const made = element("a", text);
  made.href = address;
  return made;
}

function element(name, text = "", style = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}
