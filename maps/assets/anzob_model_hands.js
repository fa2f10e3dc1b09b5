/* Mouse, touch and keys of the page of anzob in three dimensions. What they do is told by the view:
   pick, move, turn, zoom, look, fit. */
"use strict";
anzobModel.hands = function (canvas, view) {
  var pointers = {}, begun = null;
  function pickMiddle() {
    var frame = canvas.getBoundingClientRect();
    view.pick({ clientX: frame.left + frame.width / 2, clientY: frame.top + frame.height / 2 });
  }
  function spread() {
    var ids = Object.keys(pointers), a = pointers[ids[0]], b = pointers[ids[1]];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  }
  canvas.addEventListener("pointerdown", function (e) {
    canvas.setPointerCapture(e.pointerId);
    pointers[e.pointerId] = { x: e.clientX, y: e.clientY };
    begun = Object.keys(pointers).length === 1 ? { x: e.clientX, y: e.clientY, moved: false } : null;
  });
  canvas.addEventListener("pointermove", function (e) {
    var last = pointers[e.pointerId], two = Object.keys(pointers).length === 2, before, now;
    if (!last) { return; }
    before = two ? spread() : null;
    var dx = e.clientX - last.x, dy = e.clientY - last.y;
    pointers[e.pointerId] = { x: e.clientX, y: e.clientY };
    if (begun && Math.hypot(e.clientX - begun.x, e.clientY - begun.y) > (e.pointerType === "touch" ? 10 : 4)) { begun.moved = true; }
    if (two) { now = spread(); view.move(now.x - before.x, now.y - before.y); view.zoom(before.apart / now.apart); }
    else if (e.shiftKey || e.buttons & 6) { view.move(dx, dy); }
    else if (begun && begun.moved) { view.turn(-0.4 * dx, 0.4 * dy); }
  });
  function released(e) {
    var single = begun && !begun.moved && pointers[e.pointerId] && e.type === "pointerup" && e.button === 0;
    delete pointers[e.pointerId];
    if (single) { view.pick(e); }
    begun = null;
  }
  canvas.addEventListener("pointerup", released);
  canvas.addEventListener("pointercancel", released);
  canvas.addEventListener("contextmenu", function (e) { e.preventDefault(); });
  canvas.addEventListener("wheel", function (e) { e.preventDefault(); view.zoom(Math.pow(1.0015, e.deltaY)); }, { passive: false });
  canvas.addEventListener("keydown", function (e) {
    var arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key], key = e.key.toLowerCase();
    var act = { "+": [view.zoom, 0.8], "=": [view.zoom, 0.8], "-": [view.zoom, 1.25], p: [view.look, 0, 90], n: [view.look, 0, 0], e: [view.look, 90, 0], o: [view.look, -35, 28], home: [view.fit], enter: [pickMiddle] }[key];
    if (e.ctrlKey || e.metaKey || e.altKey || !(arrows || act)) { return; }
    e.preventDefault();
    if (arrows && e.shiftKey) { view.move(40 * arrows[0], 40 * arrows[1]); } else if (arrows) { view.turn(-8 * arrows[0], -8 * arrows[1]); } else { act[0](act[1], act[2]); }
  });
};
