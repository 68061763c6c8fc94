"use strict";

// Counts what is ticked on the board, and shows the sum of the weights while they are set.

(() => {
  const bar = document.querySelector("[data-merge-bar]");
  const count = () => {
    const ticked = document.querySelectorAll("[data-merge]:checked").length;
    bar.querySelector("[data-merge-count]").textContent = String(ticked);
    bar.querySelector("button").disabled = ticked < 2;
    bar.hidden = ticked === 0;
  };
  if (bar) {
    document.addEventListener("change", (event) => {
      if (event.target.matches("[data-merge]")) count();
    });
    window.addEventListener("pageshow", count);
    count();
  }

  const total = document.querySelector("[data-weight-total]");
  const inputs = [...document.querySelectorAll("[data-weight]")];
  if (total && inputs.length) {
    const add = () => {
      const sum = inputs.reduce((all, input) => all + (Number(input.value) || 0), 0);
      total.textContent = `${sum}%`;
      total.classList.toggle("is-wrong", sum !== 100);
      for (const input of inputs) {
        const bar = document.querySelector(`progress[data-weight-bar="${input.name}"]`);
        if (bar) bar.value = Number(input.value) || 0;
      }
    };
    for (const input of inputs) input.addEventListener("input", add);
    add();
  }
})();
