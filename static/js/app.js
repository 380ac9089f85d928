// Landfall's behaviour in the browser. Every page works without it.
// The htmx adapter below is the only place that knows htmx's event names.
"use strict";

const ui = (name, root = document) => root.querySelector(name);
const words = document.body.dataset;

// --- htmx adapter ----------------------------------------------------------------------------------------------
const htmxEvents = {
  swapped: (listen) => document.body.addEventListener("htmx:afterSettle", (event) => listen(event.detail.elt)),
  failed: (listen) => {
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
      document.body.addEventListener(name, (event) => {
        const status = event.detail.xhr ? event.detail.xhr.status : 0;
        listen({ status, retry: () => htmx.trigger(event.detail.elt, triggerOf(event.detail.elt)) });
      });
    }
  },
  began: (listen) => document.body.addEventListener("htmx:beforeRequest", (event) => listen(event.detail.elt)),
  ended: (listen) => document.body.addEventListener("htmx:afterRequest", (event) => listen(event.detail.elt)),
};
const triggerOf = (element) => (element.matches("form") ? "submit" : "click");

// --- Banner: offline and server faults -------------------------------------------------------------------------
const banner = ui("#banner");
let retry = null;

function showBanner(text, again) {
  ui("[data-lf-text]", banner).textContent = text;
  ui("[data-lf-retry]", banner).hidden = !again;
  retry = again;
  banner.hidden = false;
}
function hideBanner() {
  banner.hidden = true;
}
ui("[data-lf-retry]", banner).addEventListener("click", () => {
  hideBanner();
  if (retry) retry();
});
ui("[data-lf-dismiss]", banner).addEventListener("click", hideBanner);
addEventListener("offline", () => showBanner(words.lfOffline));
addEventListener("online", hideBanner);
htmxEvents.failed(({ status, retry: again }) => {
  const refused = status >= 400 && status < 500;
  showBanner(refused ? words.lfRefused : words.lfOffline, refused ? null : again);
});

// --- Session: a warning before the sign-in ends, and a way to stay -----------------------------------------------
const sessionEnd = ui("#session-end");

if (sessionEnd) {
  const WARN = 5 * 60 * 1000;
  const said = ui("p", sessionEnd);
  let end = Date.now() + sessionEnd.dataset.lfSeconds * 1000;
  const check = () => { // by the clock: a timer stands still while the machine sleeps
    const left = end - Date.now();
    const text = left > WARN ? "" : left > 0 ? said.dataset.lfSoon : said.dataset.lfOver;
    sessionEnd.hidden = !text;
    ui("button", sessionEnd).hidden = left <= 0;
    if (said.textContent !== text) said.textContent = text;
  };
  sessionEnd.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(sessionEnd.action, { method: "POST", body: new FormData(sessionEnd), redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      end = Date.now() + (await answer.json()).seconds * 1000;
      check();
    } catch {
      showBanner(words.lfOffline);
    }
    setBusy(sessionEnd, false);
  });
  setInterval(check, 10000);
  check();
}

// --- Busy: the pressed form shows it and cannot be sent twice --------------------------------------------------
function setBusy(form, busy) {
  if (busy) form.setAttribute("aria-busy", "true");
  else form.removeAttribute("aria-busy");
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (form.method === "post" && !event.defaultPrevented && !form.target) {
    setBusy(form, true);
    setTimeout(() => setBusy(form, false), 10000); // an answer that is a download leaves the page as it is
  }
}, true);
htmxEvents.began((element) => element.setAttribute("aria-busy", "true"));
htmxEvents.ended((element) => element.removeAttribute("aria-busy"));
// Signing out takes along the pages that a worker kept for use without a network (uat.js); kept results stay.
document.addEventListener("submit", (event) => window.caches && event.target.action.endsWith("/logout/") && caches.delete("landfall-uat"));
// Back from the next page, or after a download: the form is usable again.
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach((form) => setBusy(form, false)));
document.addEventListener("invalid", (event) => event.target.form && setBusy(event.target.form, false), true);

// --- Dialogs ---------------------------------------------------------------------------------------------------
const shared = ui("#dialog");
shared.addEventListener("close", () => shared.replaceChildren());
htmxEvents.swapped((element) => {
  if (shared.childElementCount && !shared.open) shared.showModal();
  if (!shared.childElementCount && shared.open) shared.close();
  const wrong = ui("[autofocus], [aria-invalid='true']", element);
  if (wrong) wrong.focus();
});
document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-lf-close-dialog]");
  if (closer) closer.closest("dialog").close();
  if (event.target.matches("dialog:modal")) event.target.close(); // on the backdrop
  for (const menu of document.querySelectorAll("details.lf-drop[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// --- Toasts ----------------------------------------------------------------------------------------------------
function showToast({ level, text }) {
  const toast = document.createElement("div");
  const looks = { ok: "lf-toast lf-good", warn: "lf-toast lf-risk", error: "lf-toast lf-bad" };
  toast.className = looks[level] || looks.ok;
  const message = document.createElement("p");
  message.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = words.lfClose;
  close.addEventListener("click", () => toast.remove());
  toast.append(message, close);
  ui("#toasts").append(toast);
  if (level !== "error") leaveAfter(toast, 6000);
}
function leaveAfter(toast, delay) {
  let timer = setTimeout(() => toast.remove(), delay);
  const hold = () => clearTimeout(timer);
  const release = () => { hold(); timer = setTimeout(() => toast.remove(), delay); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
}
document.body.addEventListener("app:toast", (event) => showToast(event.detail));

// --- Keyboard: only in the frame of the implementation team, dead in fields, never changes data ------------------
const typing = (element) => element.closest("input, textarea, select, [contenteditable], dialog");
let afterG = 0;

function follow(link) {
  if (link) location.assign(link.href);
}
function moveRow(step) {
  const rows = [...document.querySelectorAll("main tbody tr")].filter((row) => ui("a", row));
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  rows.forEach((row) => row.classList.toggle("lf-row-current", row === next));
  ui("a", next).focus();
}
const keys = {
  "?": () => ui("#keys").showModal(),
  "/": () => { const search = ui("main input[type=search]"); if (search) search.focus(); },
  n: () => follow(ui("a[data-lf-new]")),
  j: () => moveRow(1),
  k: () => moveRow(-1),
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.target.form.requestSubmit();
    return;
  }
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && words.lfSearch && !ui("dialog:modal")) {
    event.preventDefault();
    htmx.ajax("GET", words.lfSearch, { target: "#dialog", swap: "innerHTML" });
    return;
  }
  const found = event.target.closest("dialog:modal") && [...document.querySelectorAll("dialog:modal :is(input[type=search], #found a)")];
  if (found && found.includes(event.target) && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const next = found[found.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) next.focus();
    return;
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.lf-drop[open]")) {
      menu.open = false;
      ui("summary", menu).focus();
    }
  }
  if (!ui("#keys") || words.lfLetters === "off" || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "g") {
    afterG = Date.now();
  } else if (Date.now() - afterG < 1500) {
    afterG = 0;
    follow(ui(`a[data-lf-go="${CSS.escape(event.key)}"]`));
  } else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});
