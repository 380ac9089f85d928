// A lost connection does not lose what a tester typed: a draft stays on the device until the server has the result.
// The draft keeps the form's token too, so that sending it again after an answer was lost is still one result.
"use strict";

(() => {
  const key = (path) => `landfall:uat:${path}`;
  const keep = (path, draft) => {
    try {
      localStorage.setItem(key(path), JSON.stringify(draft));
    } catch {
      // Storage is full or forbidden: the page works as it does without this script.
    }
  };
  const recall = (path) => {
    try {
      return JSON.parse(localStorage.getItem(key(path)));
    } catch {
      return null;
    }
  };
  const forget = (path) => {
    try {
      localStorage.removeItem(key(path));
    } catch {
      // As above.
    }
  };

  const saved = document.querySelector("[data-uat-saved]");
  if (saved && saved.dataset.uatSaved) forget(`${saved.dataset.uatRun}cases/${saved.dataset.uatSaved}/`);

  const form = document.querySelector("form[data-uat-draft]");
  if (!form) return;
  const path = form.dataset.uatDraft;
  const note = form.querySelector("[data-uat-note]");
  const names = ["token", "case_version", "outcome", "failed_step", "severity", "comment"];
  const say = (text) => {
    note.textContent = text;
    note.hidden = false;
  };

  const draft = recall(path);
  const version = form.elements.case_version.value;
  if (draft && draft.case_version === version && !("uatBound" in form.dataset)) {
    for (const name of names) if (name in draft) form.elements[name].value = draft[name];
    say(form.dataset.uatRestored);
  }
  form.addEventListener("input", () => {
    keep(path, Object.fromEntries(names.map((name) => [name, form.elements[name].value])));
  });
  // A screenshot can be pasted, or dropped on the page.
  const photos = form.elements.photos;
  const add = (event, data) => {
    const pictures = [...data.files].filter((file) => file.type.startsWith("image/"));
    if (!pictures.length) return;
    event.preventDefault();
    const all = new DataTransfer();
    for (const file of [...photos.files, ...pictures]) all.items.add(file);
    photos.files = all.files;
    photos.focus();
  };
  document.addEventListener("paste", (event) => add(event, event.clipboardData));
  document.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  document.addEventListener("drop", (event) => add(event, event.dataTransfer));
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    form.removeAttribute("aria-busy");
    say(form.dataset.uatOffline);
  });
})();
