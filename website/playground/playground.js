// The page around the worker: what is pasted goes to it, what it tells is shown. Nothing is sent anywhere.
const LONGEST = 200_000; // characters of a bot; what is longer is for the command line
const LONGEST_LINK = 30_000; // of the part behind the #
const here = new URL(".", import.meta.url);
const [form, results] = [document.querySelector("form.playground"), document.getElementById("results")];
const part = (id) => document.getElementById(id);
const [bot, status, stop, frame] = ["bot", "status", "stop", "report"].map(part);

// --- the worker ------------------------------------------------------------------------------------------------------

let worker;
const waiting = new Map();
let last = 0;

function started() {
  // Made of a blob, it is under the policy of this page, which lets nothing out: a file of its own would have none.
  const script = `import ${JSON.stringify(new URL("worker.js", here).href)}`;
  worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
  worker.onmessage = ({ data }) => heard(data);
  worker.onerror = (event) => ended(event.message || "it cannot be loaded");
}

function heard({ id, told, failed, done, said, broken }) {
  if (broken !== undefined) ended(broken);
  else if (done !== undefined) loading(done, said);
  else {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (failed === undefined) resolve?.(told);
    else reject?.(new Error(failed));
  }
}

function asked(name, ...args) {
  if (!worker) started();
  return new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject });
    worker.postMessage({ id: last, name, args });
  });
}

function ended(reason) {
  worker?.terminate();
  worker = undefined;
  loading(1);
  for (const { reject } of waiting.values()) reject(new Error(reason));
  waiting.clear();
}

function loading(done, said) {
  part("progress").hidden = done >= 1;
  part("progress").value = done;
  if (said) status.textContent = `${said}…`;
}

// --- checking --------------------------------------------------------------------------------------------------------

function refused(source) {
  if (!source.trim()) return "Paste a bot first, or choose an example.";
  if (source.length <= LONGEST) return "";
  const [length, most] = [source.length, LONGEST].map((number) => number.toLocaleString("en"));
  return `This is ${length} characters long, and the browser reads up to ${most}: bybit-lint bot.py reads it at once.`;
}

async function check() {
  if (waiting.size) return;
  const source = bot.value;
  results.hidden = true;
  status.className = "";
  status.textContent = refused(source);
  if (status.textContent) return;
  status.textContent = "reads the bot…";
  busy(true);
  try {
    await show(JSON.parse(await asked("check", source, part("unsafe").checked)));
  } catch (error) {
    status.className = "failed";
    status.textContent = `It did not work: ${error.message}.`;
  } finally {
    busy(false);
  }
}

function busy(is) {
  stop.hidden = !is;
  form.querySelector("[type=submit]").disabled = is;
}

async function show({ unreadable, report, findings, pages, diff, fixed, problems, notes, seconds }) {
  if (unreadable) {
    status.className = "failed";
    status.textContent = `Python cannot read this: ${unreadable}.`;
    return;
  }
  status.textContent = `${counted(findings)} It took ${seconds.toFixed(1)} s. ${problems}`;
  if (!findings.length) return;
  results.hidden = false;
  part("diff").replaceChildren(...diffLines(diff));
  part("notes").textContent = notes.replace(/^bybit-lint: /gm, "");
  part("take").hidden = !fixed;
  part("take").onclick = () => taken(fixed);
  await framed(report, pages);
}

function counted(findings) {
  if (!findings.length) return "Nothing is found: nothing in it is proven to fail. What no rule sees is on their pages.";
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const said = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  return `Found ${said(errors, "error")} and ${said(findings.length - errors, "warning")}.`;
}

function diffLines(diff) {
  if (!diff) return [document.createTextNode("None of the findings has such a fix; their reasons are below.")];
  const styles = { "+": "ins", "-": "del", "@": "hunk" };
  return diff
    .split("\n")
    .filter((line, at) => at > 1) // the names of the file
    .map((line) => {
      const shown = document.createElement("span");
      shown.className = styles[line[0]] ?? "";
      shown.textContent = `${line}\n`;
      return shown;
    });
}

function taken(fixed) {
  bot.value = fixed;
  bot.focus();
  check();
}

// --- the page of the report ------------------------------------------------------------------------------------------

function framed(report, pages) {
  URL.revokeObjectURL(frame.src);
  return new Promise((done) => {
    frame.onload = () => done(fitted(frame.contentDocument, pages));
    frame.src = URL.createObjectURL(new Blob([report], { type: "text/html" }));
  });
}

function fitted(page, pages) {
  if (!page?.body) return;
  page.body.style.maxWidth = "none";
  page.body.style.padding = "0";
  page.querySelector("h1")?.remove();
  for (const finding of page.querySelectorAll("article")) {
    finding.style.contentVisibility = "visible"; // all of it is high enough to be in sight
    const code = [...finding.classList].find((name) => name in pages);
    if (!code) continue;
    const link = page.createElement("a");
    link.href = new URL(`../${pages[code].replace(/\.md$/, "/")}`, here);
    link.target = "_blank";
    link.textContent = `all about ${code}`;
    finding.append(link);
  }
  coloured(page);
  const fit = () => (frame.style.height = `${page.documentElement.offsetHeight + 8}px`);
  new frame.contentWindow.ResizeObserver(fit).observe(page.body);
  fit();
}

function coloured(page) {
  // The report goes by the system's colours; here it goes by what was chosen for the site.
  const isDark = document.body.dataset.mdColorScheme === "slate";
  for (const rule of page.styleSheets[0].cssRules) {
    const media = rule.media?.mediaText ?? "";
    if (media.includes("prefers-color-scheme") || media === "all" || media === "not all")
      rule.media.mediaText = isDark ? "all" : "not all";
  }
  page.documentElement.style.colorScheme = isDark ? "dark" : "light";
}

new MutationObserver(() => frame.contentDocument?.styleSheets.length && coloured(frame.contentDocument)).observe(
  document.body,
  { attributeFilter: ["data-md-color-scheme"] },
);

// --- links -----------------------------------------------------------------------------------------------------------

async function piped(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

async function packed(text) {
  const bytes = await piped(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function unpacked(letters) {
  const bytes = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(await piped(bytes, new DecompressionStream("deflate-raw")));
}

async function shared() {
  if (waiting.size) return;
  status.className = "";
  status.textContent = refused(bot.value);
  if (status.textContent) return;
  busy(true);
  try {
    const masked = await asked("masked", bot.value);
    const behind = await packed(masked);
    if (behind.length > LONGEST_LINK) {
      status.textContent = "This is too long for a link.";
      return;
    }
    history.replaceState(null, "", `#bot=${behind}`);
    const hidden = masked === bot.value ? "" : " Its keys are hidden.";
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    status.textContent = `${copied ? "The link is copied." : "The link is in the address bar."}${hidden}`;
  } catch (error) {
    status.className = "failed";
    status.textContent = `It did not work: ${error.message}.`;
  } finally {
    busy(false);
  }
}

async function opened() {
  const letters = /^#bot=([\w-]+)$/.exec(location.hash)?.[1];
  if (!letters) return;
  try {
    bot.value = await unpacked(letters);
    status.textContent = "The bot of the link. Check it when you like.";
  } catch {
    status.className = "failed";
    status.textContent = "The link is broken: there is no bot in it.";
  }
}

// --- the page --------------------------------------------------------------------------------------------------------

async function start() {
  const { bots } = await (await fetch(new URL("bundle.json", here))).json();
  const example = part("example");
  for (const name of Object.keys(bots)) example.add(new Option(name.replaceAll("_", " "), name));
  example.addEventListener("change", () => {
    if (!example.value) return;
    bot.value = bots[example.value];
    check();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  bot.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  stop.addEventListener("click", () => ended("it was stopped"));
  part("share").addEventListener("click", shared);
  addEventListener("hashchange", opened);
  await opened();
}

start();
