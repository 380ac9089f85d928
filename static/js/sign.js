// Drawing a signature. Without this file the page offers the typed name, which counts the same.
"use strict";

const pad = document.querySelector("[data-sign-pad]");
if (pad && window.SignaturePad) {
  const canvas = pad.querySelector("canvas");
  const kept = pad.querySelector("[name=strokes]");
  const methods = document.querySelector("[data-sign-methods]");
  const drawn = methods.querySelector("[value=drawn]");
  const ink = new SignaturePad(canvas, { penColor: "#10263f", minWidth: 1, maxWidth: 2.6 });

  methods.hidden = pad.hidden = false;
  // The page comes with "type" chosen, for browsers without scripts; a drawing is the first offer where there are some.
  if (!methods.dataset.signChosen) drawn.checked = true;

  const keep = () => {
    const box = canvas.getBoundingClientRect();
    const strokes = ink.toData().map((stroke) => stroke.points.map((point) => [Math.round(point.x * 10) / 10, Math.round(point.y * 10) / 10]));
    kept.value = strokes.length ? JSON.stringify({ width: box.width, height: box.height, strokes }) : "";
  };
  const restore = () => {
    if (!kept.value) return;
    const { width, strokes } = JSON.parse(kept.value);
    const scale = canvas.getBoundingClientRect().width / width;
    ink.fromData(strokes.map((stroke) => ({
      penColor: "#10263f", minWidth: 1, maxWidth: 2.6, dotSize: 0, velocityFilterWeight: 0.7, compositeOperation: "source-over",
      points: stroke.map(([x, y], number) => ({ x: x * scale, y: y * scale, pressure: 0.5, time: number })),
    })));
  };
  const resize = () => {
    const box = canvas.getBoundingClientRect();
    if (!box.width) return;
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = box.width * ratio;
    canvas.height = box.height * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    ink.clear();
    restore();
  };
  let width = 0;
  new ResizeObserver(() => {
    const now = canvas.getBoundingClientRect().width;
    if (now && now !== width) {
      width = now;
      resize();
    }
  }).observe(canvas);
  ink.addEventListener("endStroke", keep);
  pad.querySelector("[data-sign-clear]").addEventListener("click", () => {
    ink.clear();
    kept.value = "";
  });
}
