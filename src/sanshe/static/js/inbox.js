"use strict";

// Sorting by keyboard, and finding a type while typing. Without this file every button still works.

(() => {
  const KEY = "sanshe-inbox-keys";
  const cards = () => [...document.querySelectorAll("[data-inbox] [data-statement]")];
  const current = () => document.activeElement?.closest("[data-statement]");

  const go = (card) => {
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "center" });
  };

  const step = (by) => {
    const all = cards();
    const at = all.indexOf(current());
    go(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
  };

  const nextOpen = (from) => {
    const all = cards();
    const at = all.indexOf(from);
    return all.slice(at + 1).find((card) => "open" in card.dataset)
      || all.find((card) => "open" in card.dataset);
  };

  // Shortcuts can be switched off: single keys get in the way of some ways of using a computer.
  const box = document.querySelector("[data-keys-on]");
  const remembered = () => {
    try { return window.localStorage.getItem(KEY) !== "off"; } catch { return true; }
  };
  if (box) {
    box.checked = remembered();
    box.addEventListener("change", () => {
      try { window.localStorage.setItem(KEY, box.checked ? "on" : "off"); } catch { /* private window */ }
    });
  }

  let last = null;
  document.addEventListener("keydown", (event) => {
    if (!box?.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (typing) {
      if (event.key === "Escape") { event.target.blur(); go(typing.closest("[data-statement]")); }
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      event.preventDefault();
      step(key === "j" ? 1 : -1);
      return;
    }
    const card = key === "u" ? last && document.getElementById(last) : current();
    if (!card || !["0", "1", "2", "3", "s", "u", "/"].includes(key)) return;
    const button = card.querySelector(`[data-key~="${key}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });

  // One tap decides and goes on; after taking something back one stays where one is.
  let undoing = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    undoing = Boolean(event.target.querySelector?.("[data-key~='u'], .inbox-raise"));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.target.closest?.("[data-statement]");
    if (!swapped || event.target !== swapped) return;
    const here = document.getElementById(swapped.id);
    if (here && (!("open" in here.dataset) || "cleared" in here.dataset)) last = here.id;
    go(undoing ? here : nextOpen(here) || here);
    undoing = false;
  });

  // The picker: what is typed narrows the types.
  const prepare = (root) => {
    const inside = [...root.querySelectorAll("[data-picker]")];
    if (root.matches?.("[data-picker]")) inside.push(root);
    for (const picker of inside) {
      const search = picker.querySelector(".picker-search");
      if (!search || !search.hidden) continue;
      search.hidden = false;
      const input = search.querySelector("[data-picker-search]");
      const found = search.querySelector("[data-picker-found]");
      input.addEventListener("input", () => {
        const words = input.value.trim().toLowerCase();
        let shown = 0;
        for (const button of picker.querySelectorAll("[data-words]")) {
          button.hidden = !button.dataset.words.toLowerCase().includes(words);
          if (!button.hidden) shown += 1;
        }
        for (const field of picker.querySelectorAll(".picker-field")) {
          const likely = field.classList.contains("picker-likely");
          field.hidden = likely ? words !== "" : !field.querySelector("[data-words]:not([hidden])");
        }
        found.textContent = String(shown);
      });
      input.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        const only = picker.querySelectorAll("[data-words]:not([hidden])");
        if (only.length && input.value.trim()) only[0].click();
      });
      if (root !== document && root !== document.body) input.focus();
    }
  };
  document.addEventListener("htmx:load", (event) => prepare(event.target));
  prepare(document);
})();
