// A card of a board can be dragged: where it is dropped presses the card's own step to that column, and a column that
// no step of the card leads to takes nothing. Without this script, and by keyboard, the steps are in the card's menu.
"use strict";

(() => {
  const board = document.querySelector("[data-lf-board]");
  if (!board) return;
  let dragged = null;
  const stepTo = (column) =>
    dragged && dragged.querySelector(`[data-lf-to="${CSS.escape(column.dataset.lfColumn)}"]`);

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[draggable]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.innerText);
    for (const column of board.querySelectorAll("[data-lf-column]")) {
      column.classList.toggle("lf-board-open", Boolean(stepTo(column)));
    }
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target.closest("[data-lf-column]");
    if (column && stepTo(column)) event.preventDefault(); // may be dropped here
  });
  board.addEventListener("drop", (event) => {
    const column = event.target.closest("[data-lf-column]");
    const step = column && stepTo(column);
    if (!step) return;
    event.preventDefault();
    step.click();
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    for (const column of board.querySelectorAll(".lf-board-open")) column.classList.remove("lf-board-open");
  });
})();
