"use strict";

// The site works without this file; it makes it quicker and kinder.

(() => {
  const messages = () => document.getElementById("messages");

  const say = (text) => {
    const place = messages();
    if (!place || !text) return;
    const box = document.createElement("div");
    box.className = "alert alert-error message";
    box.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.className = "message-text";
    words.textContent = text;
    box.append(words);
    place.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  };

  // What htmx could not do must be said: a silent failure looks like success.
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));
  document.addEventListener("htmx:timeout", () => say(document.body.dataset.offline));
  document.addEventListener("htmx:responseError", () => say(document.body.dataset.failed));

  // A signed-out person's partial request must not put the sign-in page inside a page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    if (answer.getResponseHeader("X-Sign-In")) {
      event.preventDefault();
      window.location.assign(window.location.href);
    }
  });

  // A form is sent once: a double tap must not make two of a thing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method === "get" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.hasAttribute("hx-post") || form.closest("[hx-boost]")) return;
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });

  // An open menu closes when one turns elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // `data-confirm` asks before a step that cannot be taken back.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
  });

  // `data-submit-on-change`: filters apply at once; without script their button does it.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  // `data-print` opens the print dialogue; `data-copy` copies the text of a named element.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    const source = document.getElementById(copy.dataset.copy);
    navigator.clipboard?.writeText(source.textContent.trim()).then(() => {
      copy.classList.add("copied");
      if (copy.dataset.copied) copy.textContent = copy.dataset.copied;
    });
  });
})();
