"use strict";

// The quick entry works without this file. With it, words that could not be sent are not lost
// (they wait in this browser for a day), and a suggested kind of need is taken with one tap.

(() => {
  const DAY = 24 * 60 * 60 * 1000;
  const prefix = "sanshe-entry:";

  const storage = (() => {
    try {
      return window.localStorage;
    } catch {
      return null; // the browser allows none: the page still works
    }
  })();

  const read = (key) => {
    try {
      const draft = JSON.parse(storage?.getItem(prefix + key) ?? "null");
      return draft && Date.now() - draft.at < DAY ? draft.text : "";
    } catch {
      return "";
    }
  };

  const keep = (key, text) => {
    try {
      if (text.trim()) storage?.setItem(prefix + key, JSON.stringify({ text, at: Date.now() }));
      else storage?.removeItem(prefix + key);
    } catch {
      // full or forbidden: nothing to do, the words are still in the box
    }
  };

  const sweep = () => {
    if (!storage) return;
    for (const key of Object.keys(storage)) {
      if (key.startsWith(prefix) && !read(key.slice(prefix.length))) storage.removeItem(key);
    }
  };

  // Numbers may have been masked on the way in, so they do not count when words are compared.
  const gist = (text) => text.normalize("NFKC").replace(/[\d*\s]/g, "");

  const isSaved = (text) =>
    [...document.querySelectorAll(".talk-words")].some(
      (words) => gist(words.textContent) === gist(text),
    );

  const offer = (form, box, key) => {
    const text = read(key);
    if (!text || box.value.trim() || form.querySelector(".draft")) return;
    if (isSaved(text)) {
      keep(key, "");
      return;
    }
    const note = document.createElement("div");
    note.className = "alert alert-warning draft";
    note.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = `${form.dataset.offer ?? ""}${text}`;
    const restore = document.createElement("button");
    restore.type = "button";
    restore.className = "btn";
    restore.textContent = form.dataset.restore ?? "↩";
    restore.addEventListener("click", () => {
      box.value = text;
      note.remove();
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "btn btn-link";
    discard.textContent = form.dataset.discard ?? "×";
    discard.addEventListener("click", () => {
      keep(key, "");
      note.remove();
    });
    note.append(words, restore, discard);
    form.prepend(note);
  };

  // On the first page one box is enough: the next statements follow on the interview's page.
  const fold = (form) => {
    for (const part of form.querySelectorAll("[data-box]")) {
      const box = part.querySelector("textarea");
      if (part.dataset.box !== "1" && !box.value) part.hidden = true;
    }
  };

  const start = (form) => {
    if (form.dataset.ready) return;
    form.dataset.ready = "1";
    fold(form);
    const box = form.querySelector("textarea");
    const key = form.dataset.entry;
    if (!box) return;
    const before = form.dataset.after; // the draft of the page that led here
    if (before && isSaved(read(before))) keep(before, "");
    offer(form, box, key);
    box.addEventListener("input", () => keep(key, box.value));
    // A suggestion that does not come is no failure of the person's work: nothing to say.
    for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
      form.addEventListener(failure, (event) => {
        if (event.detail.requestConfig?.path !== form.getAttribute("hx-post")) {
          event.stopPropagation();
          return;
        }
        const note = document.querySelector(".saved-note");
        if (note) note.textContent = form.dataset.kept ?? "";
      });
    }
  };

  const startAll = () => document.querySelectorAll("form[data-entry]").forEach(start);

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (form instanceof HTMLFormElement && form.dataset.entry && event.detail.xhr.status === 200) {
      keep(form.dataset.entry, "");
    }
  });
  document.addEventListener("htmx:afterSettle", startAll);

  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.(".chip-button");
    if (!chip) return;
    const form = chip.closest("form");
    const label = form?.querySelector('input[name="label"]');
    if (!label) return;
    const taken = chip.getAttribute("aria-pressed") === "true";
    for (const other of form.querySelectorAll(".chip-button")) {
      other.setAttribute("aria-pressed", "false");
    }
    chip.setAttribute("aria-pressed", taken ? "false" : "true");
    label.value = taken ? "" : chip.dataset.label;
  });

  // New suggestions make an older choice void: the words have changed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "suggestions") return;
    const label = event.detail.target.closest("form")?.querySelector('input[name="label"]');
    if (label) label.value = "";
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => { sweep(); startAll(); });
  else { sweep(); startAll(); }
})();
