/* The benches of a block model on the map page of anzob: one canvas, placed by three corners of
   the grid; values are unfolded from the page itself. Every text it receives is escaped HTML. */
"use strict";
var anzobBenches = (function () {
  var KEPT = {};

  function element(tag, attributes, html) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (html) { made.innerHTML = html; }
    return made;
  }

  /* ---- values ------------------------------------------------------------------------- */

  function unfold(field, model) {
    if (KEPT[field.name]) { return KEPT[field.name]; }
    var text = atob(field.data), bytes = new Uint8Array(text.length), i;
    for (i = 0; i < text.length; i += 1) { bytes[i] = text.charCodeAt(i); }
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    KEPT[field.name] = new Response(stream).arrayBuffer().then(function (buffer) {
      var planes = new Uint8Array(buffer), n = planes.length / 2, codes = new Uint16Array(n), k;
      for (k = 0; k < n; k += 1) {
        codes[k] = (planes[k] | planes[n + k] << 8) + (k % model.nx ? codes[k - 1] : 0);
      }
      /* Differences were taken along rows, columns and benches: summed in the same three ways. */
      var level = model.nx * model.ny;
      for (k = 0; k < n; k += 1) { if (k % level >= model.nx) { codes[k] += codes[k - model.nx]; } }
      for (k = level; k < n; k += 1) { codes[k] += codes[k - level]; }
      return codes;
    });
    return KEPT[field.name];
  }

  function classOf(field, code) {
    var found = 0;
    while (found < field.starts.length && code >= field.starts[found]) { found += 1; }
    return found;
  }

  function words(field, code) {
    if (!code) { return "no block here"; }
    if (code === 1) { return "not estimated"; }
    if (field.words.length) { return field.words[code - 2]; }
    return (field.lo + (code - 2) * field.step).toFixed(field.decimals) + (field.unit ? " " + field.unit : "");
  }

  /* ---- the canvas --------------------------------------------------------------------- */

  var Canvas = L.Renderer.extend({
    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._container.className = "benches";
    },
    _destroyContainer: function () { L.DomUtil.remove(this._container); delete this._container; },
    _updatePaths: function () {},
    _update: function () {
      if (this._map._animatingZoom && this._bounds) { return; }
      L.Renderer.prototype._update.call(this);
      var size = this._bounds.getSize(), fine = window.devicePixelRatio || 1, node = this._container;
      L.DomUtil.setPosition(node, this._bounds.min);
      node.width = Math.round(fine * size.x);
      node.height = Math.round(fine * size.y);
      node.style.width = size.x + "px";
      node.style.height = size.y + "px";
      this.draw();
    },
    /* Columns and rows of the grid -> pixels of the layer, not rounded: [a, b, c, d, e, f]. */
    affine: function () {
      var map = this._map, model = this.options.model, origin = map.getPixelOrigin();
      var at = model.corners.map(function (c) { return map.project(L.latLng(c), map.getZoom()).subtract(origin); });
      return [(at[1].x - at[0].x) / model.nx, (at[1].y - at[0].y) / model.nx, (at[2].x - at[0].x) / model.ny,
        (at[2].y - at[0].y) / model.ny, at[0].x, at[0].y];
    },
    cell: function (latlng) {
      var map = this._map, model = this.options.model, m = this.affine();
      var p = map.project(latlng, map.getZoom()).subtract(map.getPixelOrigin());
      var det = m[0] * m[3] - m[1] * m[2], x = p.x - m[4], y = p.y - m[5];
      var i = Math.floor((x * m[3] - y * m[2]) / det), j = Math.floor((y * m[0] - x * m[1]) / det);
      return i >= 0 && j >= 0 && i < model.nx && j < model.ny ? j * model.nx + i : -1;
    },
    show: function (picture) { this._picture = picture; this.draw(); },
    draw: function () {
      if (!this._picture || !this._bounds || !this._container) { return; }
      var fine = window.devicePixelRatio || 1, m = this.affine(), pen = this._container.getContext("2d");
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, this._container.width, this._container.height);
      pen.imageSmoothingEnabled = false;
      pen.setTransform(fine * m[0], fine * m[1], fine * m[2], fine * m[3],
        fine * (m[4] - this._bounds.min.x), fine * (m[5] - this._bounds.min.y));
      pen.drawImage(this._picture, 0, 0);
    }
  });

  function painted(field, codes, model, bench) {
    var made = document.createElement("canvas"), n = model.nx * model.ny, first = bench * n, k, code;
    made.width = model.nx;
    made.height = model.ny;
    var pen = made.getContext("2d"), image = pen.createImageData(model.nx, model.ny), known = {};
    var pixels = new Uint32Array(image.data.buffer);
    function ink(hex) { return (255 << 24 | parseInt(hex.slice(5, 7), 16) << 16 | parseInt(hex.slice(3, 5), 16) << 8 | parseInt(hex.slice(1, 3), 16)) >>> 0; }
    var inks = field.classes.map(function (one) { return ink(one.colour); }), absent = ink(model.absent);
    for (k = 0; k < n; k += 1) {
      code = codes[first + k];
      if (code === 1) { pixels[k] = absent; }
      if (code > 1) {
        if (known[code] === undefined) { known[code] = inks[classOf(field, code)]; }
        pixels[k] = known[code];
      }
    }
    pen.putImageData(image, 0, 0);
    return made;
  }

  /* ---- the control -------------------------------------------------------------------- */

  function tonnes(t) {
    var unit = t >= 1e6 ? [1e6, " Mt"] : t >= 1e3 ? [1e3, " kt"] : [1, " t"];
    return Number((t / unit[0]).toPrecision(2)).toLocaleString("en") + unit[1];
  }

  function metres(value) { return String(Math.round(value * 100) / 100); }

  function controls(model) {
    var box = element("section", { id: "bench-panel", "class": "layers benches-panel", "aria-label": "Benches of the block model" });
    var fold = element("button", { type: "button", "aria-expanded": "true", "aria-controls": "bench-list" }, "Block model by bench");
    var list = element("div", { id: "bench-list" });
    list.innerHTML = '<label class="row"><input type="checkbox" id="bench-on" checked><span>Show blocks</span></label>' +
      '<label class="stack" for="bench-field">Field</label><select id="bench-field">' +
      model.fields.map(function (f, i) { return '<option value="' + i + '">' + f.label + (f.unit ? ", " + f.unit : "") + "</option>"; }).join("") + "</select>" +
      '<label class="stack" for="bench-slider" id="bench-name"></label>' +
      '<input type="range" id="bench-slider" min="0" max="' + (model.benches.length - 1) + '" step="1">' +
      '<p class="note" id="bench-ore" role="status"></p>' +
      '<label class="stack" for="bench-opacity">Opacity</label><input type="range" id="bench-opacity" min="10" max="100" step="5" value="80" aria-valuetext="80 %">' +
      '<ul id="bench-legend" aria-label="Legend of the blocks"></ul>' +
      '<p id="bench-value"></p>' + (model.note ? '<details class="fold"><summary>About these values</summary>' + model.note + "</details>" : "");
    fold.addEventListener("click", function () {
      list.hidden = !list.hidden;
      fold.setAttribute("aria-expanded", String(!list.hidden));
    });
    box.appendChild(fold);
    box.appendChild(list);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    return box;
  }

  function start(map) {
    var found = document.getElementById("benches");
    if (!found) { return; }
    var model = JSON.parse(found.textContent), box = controls(model), control = L.control({ position: "bottomleft" });
    var state = { field: 0, bench: model.opens_on, codes: null, asked: 0 };
    map.createPane("benches").style.zIndex = 300;
    map.getPane("benches").style.pointerEvents = "none";
    var layer = new Canvas({ pane: "benches", padding: 0.3, model: model });
    control.onAdd = function () { return box; };
    control.addTo(map);
    function at(id) { return box.querySelector("#" + id); }

    function name() {
      var one = model.benches[state.bench], said = "Bench " + metres(one.low) + " to " + metres(one.high) + " m";
      at("bench-name").textContent = said;
      at("bench-slider").setAttribute("aria-valuetext", said);
      at("bench-ore").innerHTML = model.cut && one.ore_t !== null ? (one.ore_t ? tonnes(one.ore_t) : "nothing") + " on this bench at or above the base cut-off of " + model.cut : "";
    }

    function legend() {
      var field = model.fields[state.field], lines = field.classes.slice();
      if (!field.words.length) { lines.reverse(); }
      lines = lines.concat([{ label: "not estimated", colour: model.absent }]);
      at("bench-legend").innerHTML = lines.map(function (one) {
        return '<li><span class="chip" style="background:' + one.colour + '"></span>' + one.label + "</li>";
      }).join("");
    }

    function value(latlng, where) {
      var field = model.fields[state.field], cell = state.codes && map.hasLayer(layer) ? layer.cell(latlng) : -1;
      var code = cell < 0 ? 0 : state.codes[state.bench * model.nx * model.ny + cell];
      at("bench-value").innerHTML = where + ": <b>" + words(field, code) + "</b>";
    }

    function draw() {
      layer.show(painted(model.fields[state.field], state.codes, model, state.bench));
      value(map.getCenter(), "At the centre of the map");
      document.documentElement.setAttribute("data-bench", state.field + ":" + state.bench);
    }

    function choose(field) {
      var asked = state.asked += 1;
      state.field = field;
      state.codes = null;
      legend();
      return Promise.resolve().then(function () { return unfold(model.fields[field], model); }).then(function (codes) {
        if (asked !== state.asked) { return; }
        state.codes = codes;
        draw();
      }).catch(function (error) {
        at("bench-value").textContent = "The blocks cannot be shown: " + error.message + ". A browser of 2023 or later is needed.";
      });
    }

    at("bench-slider").value = state.bench;
    function move(bench) {
      state.bench = bench;
      at("bench-slider").value = bench;
      name();
      if (state.codes) { draw(); }
    }
    at("bench-slider").addEventListener("input", function () {
      move(Number(this.value));
      if (anzobBenches.moved) { anzobBenches.moved(model.benches[state.bench]); }
    });
    /* Shows the bench at an elevation, or the nearest one. */
    anzobBenches.show = function (elevation) {
      var off = model.benches.map(function (one) { return Math.max(one.low - elevation, elevation - one.high, 0); });
      move(off.indexOf(Math.min.apply(null, off)));
    };
    at("bench-field").addEventListener("change", function () { choose(Number(this.value)); });
    at("bench-opacity").addEventListener("input", function () {
      map.getPane("benches").style.opacity = this.value / 100;
      this.setAttribute("aria-valuetext", this.value + " %");
    });
    at("bench-on").addEventListener("change", function () {
      if (this.checked) { map.addLayer(layer); } else { map.removeLayer(layer); }
    });
    map.getPane("benches").style.opacity = 0.8;
    map.addLayer(layer);
    map.on("mousemove", function (event) { value(event.latlng, "At the cursor"); });
    map.on("moveend", function () { value(map.getCenter(), "At the centre of the map"); });
    if (map.getSize().x < 560) { at("bench-list").hidden = true; box.querySelector("button").setAttribute("aria-expanded", "false"); }
    name();
    choose(0);
    anzobBenches.layer = layer;
    anzobBenches.model = model;
  }

  return { start: start };
})();
