"use strict";

// The page of a proposal works without this file: sections unfold by a tap, and each has a page of
// its own. This opens the section that an address names, prints all of them, and counts ticks.

(() => {
  const reveal = () => {
    const name = decodeURIComponent(window.location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) return;
    let folded = false;
    for (let at = target; at; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement && !at.open) {
        at.open = true;
        folded = true;
      }
    }
    if (folded) target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  // A second tap on the same link changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === window.location.hash) reveal();
  });
  reveal();

  window.addEventListener("beforeprint", () => {
    for (const section of document.querySelectorAll(".chapter > details")) section.open = true;
  });

  const count = document.querySelector("[data-picked-count]");
  if (count) {
    const show = () => {
      count.textContent = String(document.querySelectorAll("[data-pick]:checked").length);
    };
    document.addEventListener("change", (event) => {
      if (event.target.matches("[data-pick]")) show();
    });
    window.addEventListener("pageshow", show);
  }
})();
