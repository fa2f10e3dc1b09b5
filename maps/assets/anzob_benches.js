/* The benches of a block model on the map page of anzob: one canvas, placed by three corners of
   the grid; values are unfolded from the page itself. Every text it receives is escaped HTML. */
"use strict";
var anzobBenches = (function () {
  var KEPT = {}, say = anzobWords.say;

  function element(tag, attributes, html) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (html) { made.innerHTML = html; }
    return made;
  }

  /* ---- values ------------------------------------------------------------------------- */

  function unfold(field, model) {
    if (KEPT[field.name]) { return KEPT[field.name]; }
    KEPT[field.name] = anzobCuts.unfold(field.data, model.nx, model.ny);
    return KEPT[field.name];
  }

  function classOf(field, code) {
    var found = 0;
    while (found < field.starts.length && code >= field.starts[found]) { found += 1; }
    return found;
  }

  function words(field, code) {
    if (!code) { return say("no block here"); }
    if (code === 1) { return say("not estimated"); }
    if (field.words.length) { return field.words[code - 2]; }
    return anzobWords.fixed(field.lo + (code - 2) * field.step, field.decimals) + (field.unit ? " " + field.unit : "");
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
    /* A piece of the grid is straight on the page: [a, b, c, d, e, f] takes columns and rows that
       count from its south-west corner to pixels of the layer, not rounded. */
    pieces: function () {
      var map = this._map, mesh = this.options.model.mesh, zoom = map.getZoom(), origin = map.getPixelOrigin(), wide = mesh.columns.length, found = [], i, j;
      var at = mesh.nodes.map(function (node) { return map.project(L.latLng(node), zoom).subtract(origin); });
      for (j = 0; j + 1 < mesh.rows.length; j += 1) {
        for (i = 0; i + 1 < wide; i += 1) {
          var sw = at[j * wide + i], se = at[j * wide + i + 1], nw = at[(j + 1) * wide + i];
          var nx = mesh.columns[i + 1] - mesh.columns[i], ny = mesh.rows[j + 1] - mesh.rows[j];
          found.push({ i: mesh.columns[i], j: mesh.rows[j], nx: nx, ny: ny,
            to: [(se.x - sw.x) / nx, (se.y - sw.y) / nx, (nw.x - sw.x) / ny, (nw.y - sw.y) / ny, sw.x, sw.y] });
        }
      }
      return found;
    },
    cell: function (latlng) {
      var map = this._map, model = this.options.model, key = map.getZoom() + ":" + map.getPixelOrigin();
      if (this._key !== key) { this._key = key; this._pieces = this.pieces(); }
      var p = map.project(latlng, map.getZoom()).subtract(map.getPixelOrigin()), last = null, slack = 0.01;
      this._pieces.some(function (one) {
        var m = one.to, det = m[0] * m[3] - m[1] * m[2], x = p.x - m[4], y = p.y - m[5];
        var i = (x * m[3] - y * m[2]) / det, j = (y * m[0] - x * m[1]) / det;
        /* A hair beyond the seam of two pieces belongs to either. */
        if (i < -slack || j < -slack || i > one.nx + slack || j > one.ny + slack) { return false; }
        last = { i: one.i + Math.floor(i), j: one.j + Math.floor(j) };
        return i >= 0 && j >= 0 && i < one.nx && j < one.ny;
      });
      return last && last.i >= 0 && last.j >= 0 && last.i < model.nx && last.j < model.ny ? last.j * model.nx + last.i : -1;
    },
    show: function (picture) { this._picture = picture; this.draw(); },
    draw: function () {
      if (!this._picture || !this._bounds || !this._container) { return; }
      var fine = window.devicePixelRatio || 1, pen = this._container.getContext("2d"), off = this._bounds.min, picture = this._picture;
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, this._container.width, this._container.height);
      pen.imageSmoothingEnabled = false;
      this.pieces().forEach(function (one) {
        /* A cell more on each side: the seams of the pieces must not show. */
        var m = one.to, i = Math.max(0, one.i - 1), j = Math.max(0, one.j - 1);
        var nx = Math.min(picture.width, one.i + one.nx + 1) - i, ny = Math.min(picture.height, one.j + one.ny + 1) - j;
        pen.setTransform(fine * m[0], fine * m[1], fine * m[2], fine * m[3], fine * (m[4] - off.x), fine * (m[5] - off.y));
        pen.drawImage(picture, i, j, nx, ny, i - one.i, j - one.j, nx, ny);
      });
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
    var unit = t >= 1e6 ? [1e6, "Mt"] : t >= 1e3 ? [1e3, "kt"] : [1, "t"];
    return anzobWords.figures(t / unit[0], 2) + " " + say(unit[1]);
  }

  function metres(value) { return anzobWords.plain(Math.round(value * 100) / 100); }

  function controls(model) {
    var box = element("section", { id: "bench-panel", "class": "layers benches-panel", "aria-label": say("Benches of the block model") });
    var fold = element("button", { type: "button", "aria-expanded": "true", "aria-controls": "bench-list" }, say("Block model by bench"));
    var list = element("div", { id: "bench-list" });
    list.innerHTML = '<label class="row"><input type="checkbox" id="bench-on" checked><span>' + say("Show blocks") + '</span></label>' +
      '<label class="stack" for="bench-field">' + say("Field") + '</label><select id="bench-field">' +
      model.fields.map(function (f, i) { return '<option value="' + i + '">' + f.label + (f.unit ? ", " + f.unit : "") + "</option>"; }).join("") + "</select>" +
      '<label class="stack" for="bench-slider" id="bench-name"></label>' +
      '<input type="range" id="bench-slider" min="0" max="' + (model.benches.length - 1) + '" step="1">' +
      '<p class="note" id="bench-ore" role="status"></p>' +
      '<label class="stack" for="bench-opacity">' + say("Opacity") + '</label><input type="range" id="bench-opacity" min="10" max="100" step="5" value="80" aria-valuetext="80 %">' +
      '<ul id="bench-legend" aria-label="' + say("Legend of the blocks") + '"></ul>' +
      '<p id="bench-value"></p>' + (model.note ? '<details class="fold"><summary>' + say("About these values") + '</summary>' + model.note + "</details>" : "");
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
      var one = model.benches[state.bench], said = say("Bench {0} to {1} m", metres(one.low), metres(one.high));
      at("bench-name").textContent = said;
      at("bench-slider").setAttribute("aria-valuetext", said);
      at("bench-ore").innerHTML = model.cut && one.ore_t !== null ? say("{0} on this bench at or above the base cut-off of {1}", one.ore_t ? tonnes(one.ore_t) : say("nothing"), model.cut) : "";
    }

    function legend() {
      var field = model.fields[state.field], lines = field.classes.slice();
      if (!field.words.length) { lines.reverse(); }
      lines = lines.concat([{ label: say("not estimated"), colour: model.absent }]);
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
      value(map.getCenter(), say("At the centre of the map"));
      document.documentElement.setAttribute("data-bench", state.field + ":" + state.bench);
      document.dispatchEvent(new Event("anzob-state"));
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
        document.dispatchEvent(new Event("anzob-blocks"));
      }).catch(function (error) {
        at("bench-value").textContent = say("The blocks cannot be shown: {0}. A browser of 2023 or later is needed.", error.message);
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
    map.on("mousemove", function (event) { value(event.latlng, say("At the cursor")); });
    map.on("moveend", function () { value(map.getCenter(), say("At the centre of the map")); });
    if (map.getSize().x < 560) { at("bench-list").hidden = true; box.querySelector("button").setAttribute("aria-expanded", "false"); }
    name();
    choose(0);
    anzobBenches.layer = layer;
    anzobBenches.model = model;

    /* ---- what sections and links ask for ------------------------------------------------ */

    var inks = {};
    function benchAt(z) { return model.benches.findIndex(function (one) { return z >= one.low && z < one.high; }); }
    function codeAt(bench, cell) { return bench < 0 || cell < 0 || !state.codes ? 0 : state.codes[bench * model.nx * model.ny + cell]; }
    anzobBenches.codes = function () { return state.codes; };
    anzobBenches.cell = function (latlng) { return Canvas.prototype.cell.call({ _map: map, options: { model: model }, pieces: Canvas.prototype.pieces, _key: inks.key, _pieces: inks.pieces }, latlng); };
    anzobBenches.ink = function (bench, cell) {
      var code = codeAt(bench, cell);
      return code === 0 ? "" : code === 1 ? model.absent : model.fields[state.field].classes[classOf(model.fields[state.field], code)].colour;
    };
    anzobBenches.told = function (latlng, z) {
      /* Words are escaped HTML; a section shows them as text. */
      return (new DOMParser().parseFromString(words(model.fields[state.field], codeAt(benchAt(z), anzobBenches.cell(latlng))), "text/html")).body.textContent;
    };
    anzobBenches.state = function () {
      return { f: model.fields[state.field].name, b: model.benches[state.bench].low, o: at("bench-opacity").value, k: at("bench-on").checked ? 1 : 0 };
    };
    anzobBenches.restore = function (told) {
      var field = model.fields.findIndex(function (one) { return one.name === told.f; }), low = told.b === undefined || told.b === "" ? NaN : Number(told.b), o = Number(told.o);
      if (isFinite(low)) { anzobBenches.show(low + 1e-3); }
      if (field >= 0 && field !== state.field) { at("bench-field").value = field; choose(field); }
      if (o >= 10 && o <= 100) { at("bench-opacity").value = o; at("bench-opacity").dispatchEvent(new Event("input")); }
      if ((told.k === "0" || told.k === "1") && at("bench-on").checked !== (told.k === "1")) { at("bench-on").click(); }
    };
  }

  return { start: start, Canvas: Canvas };
})();
