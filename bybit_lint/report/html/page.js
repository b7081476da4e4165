"use strict";
// Shows the findings that have what was chosen. Without this script all of them are shown, and there are no filters.
const form = document.querySelector("form");
const files = [...document.querySelectorAll("main > section")].map((section) => ({
  section,
  findings: [...section.querySelectorAll("article")],
}));
const total = files.reduce((sum, file) => sum + file.findings.length, 0);

function show() {
  const { severity, rule, retCode, file } = Object.fromEntries(new FormData(form));
  const wanted = [severity, rule, retCode].filter(Boolean);
  let shown = 0;
  for (const { section, findings } of files) {
    const before = shown;
    for (const finding of findings) {
      const isShown = (!file || file === section.id) && wanted.every((name) => finding.classList.contains(name));
      finding.hidden = !isShown;
      shown += isShown;
    }
    section.hidden = shown === before;
  }
  form.querySelector("output").textContent = `${shown} of ${total} findings`;
}

if (form) {
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show)); // once the form is empty
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show(); // a browser may remember what was chosen
}
