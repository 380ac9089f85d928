// Running UAT cases with a bad connection. What a tester records is kept on the device until the server has it, and
// sent when there is a line; the token of a result makes sending it twice harmless. Without this file the page's
// links lead to one case at a time, as forms.
"use strict";

(async () => {
  const frame = document.querySelector("[data-uat]");
  if (!frame || !window.indexedDB) return;
  const ask = (selector, root = document) => root.querySelector(selector);
  const { uat: person, uatRun: run, uatScope: scope } = frame.dataset;

  // --- What is kept: one row per person and case, "draft" until it is saved, then "waiting" or "refused" ----------
  // Of one that was sent only that it was, until the page is loaded anew: a copy opened without a network still lists it.
  const asPromise = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const opening = indexedDB.open("landfall-uat", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("results", { keyPath: ["person", "page"] });
  let base;
  try {
    base = await asPromise(opening);
  } catch {
    return; // the browser keeps nothing, so the page does not pretend to
  }
  const rows = (mode) => base.transaction("results", mode).objectStore("results");
  const keep = (row) => asPromise(rows("readwrite").put(row));
  const newToken = () => (crypto.randomUUID ? crypto.randomUUID() : // absent without TLS
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16)));
  const drop = (row) => asPromise(rows("readwrite").delete([row.person, row.page]));
  const find = (page) => asPromise(rows("readonly").get([person, page]));
  const kept = async () => (await asPromise(rows("readonly").getAll())).filter((row) => row.person === person && row.page.startsWith(run));

  // --- Showing what is kept -------------------------------------------------------------------------------------
  const clone = (template) => template.content.firstElementChild.cloneNode(true);
  const fill = (root, values) => {
    for (const [name, text] of Object.entries(values)) ask(`[data-slot="${name}"]`, root).textContent = text;
  };
  const count = ask("[data-uat-count]");
  const refusals = ask("[data-uat-refusals]");
  const setChip = (number, state) => {
    const place = ask(`[data-uat-row="${number}"] [data-uat-chip]`);
    const template = ask(`[data-uat-state="${state}"]`);
    if (place && template) place.replaceChildren(clone(template));
  };

  const bar = ask("[data-uat-progress]");
  const doneBefore = bar ? bar.value : 0;
  const isDone = (row) => row.state !== "draft";

  async function show() {
    const all = await kept();
    const waiting = all.filter((row) => row.state === "waiting");
    const words = waiting.length === 1 ? count.dataset.one : count.dataset.many.replace("{count}", waiting.length);
    ask("[data-uat-waiting]").hidden = !waiting.length;
    if (count.textContent !== words) count.textContent = words;
    for (const row of all) setChip(row.number, row.state);
    if (bar) {
      bar.value = doneBefore + all.filter(isDone).length;
      const said = ask("[data-uat-done]");
      said.textContent = said.dataset.text.replace("{done}", bar.value).replace("{total}", bar.max);
    }
    refusals.replaceChildren(...all.filter((row) => row.state === "refused").map(refusal));
    return waiting;
  }

  function refusal(row) {
    const card = clone(ask("[data-uat-refused]"));
    fill(card, { title: row.title, reason: row.reason, said: row.values.comment });
    const [again, confirm, discard] = ["[data-again]", "[data-confirm]", "[data-discard]"].map((name) => ask(name, card));
    again.hidden = row.kind === "RunIsNotRunning";
    again.addEventListener("click", async () => { // what was typed stays; the steps are those of the case as it is now
      await keep({ ...row, state: "draft", token: newToken(), marks: {}, at: 0 });
      location.assign(`${scope}#case-${row.number}`);
      if (location.pathname === scope) location.reload();
    });
    confirm.hidden = row.kind !== "voids";
    confirm.addEventListener("click", async () => {
      await keep({ ...row, state: "waiting", values: { ...row.values, confirmed: "yes" } });
      send();
    });
    discard.addEventListener("click", async () => {
      if (!window.confirm(discard.dataset.sure)) return;
      await drop(row);
      show();
    });
    return card;
  }

  // --- Sending --------------------------------------------------------------------------------------------------
  const RETRY = 15000;
  let timer = 0;
  let sending = false;

  async function send() {
    clearTimeout(timer);
    const waiting = await show();
    if (sending || !waiting.length) return;
    sending = true;
    let isLineUp = true;
    try {
      for (const row of waiting) {
        isLineUp = await post(row);
        await show();
        if (!isLineUp) break;
      }
    } finally {
      sending = false;
    }
    if (isLineUp) send(); // what was saved meanwhile
    else timer = setTimeout(send, RETRY);
  }

  // Send one row; return whether the line is up, that is, whether the next one is worth trying.
  async function post(row) {
    const body = new FormData();
    for (const [name, value] of Object.entries(row.values)) body.append(name, value);
    body.append("marks", JSON.stringify(row.marks));
    for (const photo of row.photos) body.append("photos", new File([photo.bytes], photo.name, { type: photo.type }));
    body.append("token", row.token);
    body.append("case_version", row.version);
    const bytes = row.photos.reduce((sum, photo) => sum + photo.bytes.byteLength, 0);
    const headers = { "X-CSRFToken": (document.cookie.match(/csrftoken=([^;]+)/) || ["", ""])[1] };
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), 30000 + bytes / 20); // photos may take their time: 20 KB/s
    let answer;
    let said;
    try {
      answer = await fetch(row.send, { method: "POST", body, headers, signal: stop.signal, redirect: "manual" });
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      said = isJson ? await answer.json() : {};
    } catch {
      return false;
    } finally {
      clearTimeout(patience);
    }
    const isSignedOut = answer.type === "opaqueredirect" || (answer.status === 403 && !headers["X-CSRFToken"]);
    ask("[data-uat-signed-out]").hidden = !isSignedOut;
    if (isSignedOut) return false;
    if (answer.ok && said.saved === row.token) {
      await keep({ person, page: row.page, number: row.number, state: said.outcome, sentAt: said.at });
      return true;
    }
    if (answer.ok || answer.status >= 500 || [408, 429].includes(answer.status)) return false; // not our server, or not now
    await keep({ ...row, state: "refused", kind: said.kind || "", reason: said.reason || document.body.dataset.lfRefused });
    return true;
  }

  for (const row of await kept()) if (row.sentAt <= frame.dataset.uatMade) await drop(row);
  ask("[data-uat-send]").addEventListener("click", send);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  send();

  // --- Opening this page without a network ----------------------------------------------------------------------
  if ("serviceWorker" in navigator && location.pathname === scope) {
    navigator.serviceWorker.register(frame.dataset.uatWorker, { scope }).then(async () => {
      if (navigator.serviceWorker.controller) return; // it has kept this page as it was loaded
      const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
      const cache = await caches.open("landfall-uat");
      await cache.addAll([location.pathname, ...files.map((file) => file.href || file.src)]);
      frame.dataset.uatReady = "";
    }).catch(() => {}); // the page works on while it is open
  }

  // --- Walking through cases and steps: the address after # says where, so that "back" works ----------------------
  const player = ask("[data-uat-player]");
  if (!player) return;
  const cases = new Map(JSON.parse(ask("#uat-cases").textContent).map((one) => [String(one.number), one]));
  const form = ask("[data-uat-form]");
  const fields = form.elements;
  const [list, title, steps, place, wrong] = ["[data-uat-list]", "#player-title", "[data-uat-steps]", "[data-uat-place]", "[data-uat-error]"].map((name) => ask(name));
  const [back, skip, save, next] = ["back", "skip", "save", "next"].map((name) => ask(`[data-uat-${name}]`));
  const isPhone = matchMedia("(max-width: 767.98px)");
  const names = ["failed_step", "severity", "comment"];
  let open = null; // the case that is run, and what is recorded of it so far
  let draft = null;

  const goTo = (number, at) => { location.hash = number ? `case-${number}-${at}` : ""; };
  const isOpen = async (number) => {
    const row = await find(cases.get(number).page);
    return !row || !isDone(row);
  };

  async function nextOpen(after) {
    const numbers = [...cases.keys()];
    const from = numbers.indexOf(after) + 1;
    for (const number of [...numbers.slice(from), ...numbers.slice(0, from)]) if (await isOpen(number)) return number;
    return "";
  }

  async function route() {
    const [, number, at] = location.hash.match(/^#case-(\d+)(?:-(\d+|result))?$/) || [];
    if (number && !cases.has(number)) return location.replace(`${run}cases/${number}/`); // not among the open ones
    const one = number && (await isOpen(number)) ? cases.get(number) : null;
    if (one && one !== open) await begin(one);
    open = one;
    player.hidden = !one;
    list.hidden = Boolean(one);
    back.hidden = skip.hidden = save.hidden = !one;
    next.hidden = Boolean(one) || !(await nextOpen(""));
    if (one) turn(at || "0");
    scrollTo(0, 0);
    return undefined;
  }

  async function begin(one) {
    const row = await find(one.page);
    draft = row || {
      person, page: one.page, send: one.send, number: one.number, title: one.title, state: "draft",
      token: newToken(), values: {}, marks: {}, photos: [],
    };
    if (draft.version !== one.version) draft.marks = {}; // other steps than those that were marked
    draft.version = one.version;
    open = one;
    title.textContent = one.title;
    ask("[data-uat-before]").hidden = !one.before;
    ask("[data-uat-before] p").textContent = one.before;
    steps.replaceChildren(...one.steps.map(stepItem));
    fields.failed_step.replaceChildren(fields.failed_step.options[0], ...one.steps.map((step) => new Option(`${step.position}. ${step.action}`.slice(0, 80), step.position)));
    form.reset();
    fields.outcome.value = draft.values.outcome || "";
    for (const name of names) if (name in draft.values) fields[name].value = draft.values[name];
    wrong.hidden = true;
    showPhotos();
  }

  function stepItem(step, place) {
    const item = clone(ask("[data-uat-step]"));
    fill(item, { action: step.action, test_data: step.test_data, expected: step.expected });
    ask('[data-slot="with"]', item).hidden = !step.test_data;
    for (const button of item.querySelectorAll("[data-mark]")) {
      button.setAttribute("aria-pressed", draft.marks[step.position] === button.dataset.mark);
      button.addEventListener("click", () => mark(item, step, place, button.dataset.mark));
    }
    return item;
  }

  // Mark a step; all as expected leads through the steps to "passed", one that is not to "failed".
  function mark(item, step, index, value) {
    draft.marks[step.position] = value;
    for (const button of item.querySelectorAll("[data-mark]")) button.setAttribute("aria-pressed", button.dataset.mark === value);
    const failed = open.steps.find((one) => draft.marks[one.position] === "failed");
    if (failed) [fields.outcome.value, fields.failed_step.value] = ["failed", failed.position];
    else if (open.steps.every((one) => draft.marks[one.position])) fields.outcome.value = "passed";
    else fields.outcome.value = "";
    remember();
    const isLast = index === open.steps.length - 1;
    if (isPhone.matches) goTo(open.number, value === "failed" || isLast ? "result" : index + 1);
  }

  // Show the step `at`, or "result".
  function turn(at) {
    const last = open.steps.length;
    const index = at === "result" ? last : Math.min(Number(at), last);
    player.dataset.at = index === last ? "result" : index;
    steps.querySelectorAll("li").forEach((item, number) => item.toggleAttribute("data-current", number === index));
    place.textContent = index === last ? place.dataset.end : place.dataset.text.replace("{step}", index + 1).replace("{steps}", last);
    back.onclick = () => (index && isPhone.matches ? goTo(open.number, index - 1) : goTo());
    skip.hidden = !isPhone.matches || index === last;
    skip.onclick = () => goTo(open.number, "result");
    save.hidden = isPhone.matches && index !== last;
    title.focus({ preventScroll: true });
  }

  const remember = () => {
    draft.values = Object.fromEntries(["outcome", ...names].map((name) => [name, fields[name].value]));
    if (fields.confirmed && fields.confirmed.checked) draft.values.confirmed = "yes";
    return keep(draft);
  };
  form.addEventListener("input", remember);

  function showPhotos() {
    ask("[data-uat-photos]").replaceChildren(...draft.photos.map((photo) => {
      const item = clone(ask("[data-uat-photo]"));
      fill(item, { name: photo.name });
      ask("[data-remove]", item).addEventListener("click", () => {
        draft.photos = draft.photos.filter((one) => one !== photo);
        showPhotos();
        remember();
      });
      return item;
    }));
  }
  async function addPhotos(files) {
    const added = [...files].map(async (file) => ({ name: file.name, type: file.type, bytes: await file.arrayBuffer() }));
    draft.photos.push(...(await Promise.all(added)));
    showPhotos();
    await remember();
  }
  fields.photos.addEventListener("change", async () => {
    const files = [...fields.photos.files];
    fields.photos.value = "";
    await addPhotos(files);
  });

  const pictures = (data) => [...data.files].filter((file) => file.type.startsWith("image/"));
  document.addEventListener("paste", (event) => open && pictures(event.clipboardData).length && addPhotos(pictures(event.clipboardData)));
  player.addEventListener("dragover", (event) => event.preventDefault());
  player.addEventListener("drop", (event) => {
    event.preventDefault();
    addPhotos(pictures(event.dataTransfer));
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.removeAttribute("aria-busy");
    const { outcome, comment } = fields;
    const needsWords = ["failed", "blocked"].includes(outcome.value) && !comment.value.trim();
    const contradicts = outcome.value === "passed" && Object.values(draft.marks).includes("failed");
    const fault = !outcome.value ? "outcome" : needsWords ? "comment" : contradicts ? "step" : "";
    wrong.hidden = !fault;
    if (fault) {
      wrong.textContent = wrong.dataset[fault];
      return (needsWords ? comment : outcome[0]).focus();
    }
    draft.state = "waiting";
    await remember();
    const number = String(open.number);
    await show();
    open = null;
    goTo(await nextOpen(number), 0);
    return send();
  });

  for (const [number] of cases) {
    ask(`[data-uat-row="${number}"] a`).addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      isOpen(number).then((yes) => yes && goTo(number, 0));
    });
  }
  next.addEventListener("click", async (event) => {
    event.preventDefault();
    goTo(await nextOpen(""), 0);
  });
  isPhone.addEventListener("change", route);
  addEventListener("hashchange", route);
  route();
})();
