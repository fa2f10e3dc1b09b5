/* The picture on paper: a browser prints no WebGL, so that the view is drawn once more at the size
   of the sheet and copied into a plain canvas, which prints; key, scale and compass fit that size. */
"use strict";
anzobModel.paper = function (view) {
  /* Room of an upright A4 sheet between its margins [CSS px], and pixels a CSS px. */
  var WIDE = 680, HIGH = 640, FINE = 2, before = null;
  window.addEventListener("beforeprint", function () {
    var wide = view.stage.clientWidth, high = view.stage.clientHeight, by = Math.min(WIDE / wide, HIGH / high), copy = document.createElement("canvas");
    if (before !== null || !wide || !high) { return; }
    before = view.renderer.getPixelRatio();
    view.stage.style.setProperty("--paper-width", Math.round(wide * by) + "px");
    view.stage.style.setProperty("--paper-height", Math.round(high * by) + "px");
    view.stage.classList.add("on-paper");
    view.renderer.setPixelRatio(FINE);
    view.draw();
    copy.id = "printed";
    copy.width = view.canvas.width;
    copy.height = view.canvas.height;
    /* What was drawn is there until the browser shows it: it is copied in the same breath. */
    copy.getContext("2d").drawImage(view.canvas, 0, 0);
    view.canvas.after(copy);
  });
  window.addEventListener("afterprint", function () {
    if (before === null) { return; }
    view.stage.classList.remove("on-paper");
    document.getElementById("printed").remove();
    view.renderer.setPixelRatio(before);
    before = null;
    view.draw();
  });
};
