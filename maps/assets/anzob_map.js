/* The map page of anzob: draws the layers of a study and switches them. Makes no request unless
   the reader switches the background map on. Every text it receives is escaped HTML already. */
"use strict";
var anzobMap = (function () {
  var say = anzobWords.say, DIRECTIONS = ["right", "left", "top", "bottom"];
  /* Corners of blocks along a crest are drawn from this many pixels on: smaller ones only blacken it. */
  var STAIRS = 2.5;

  function element(tag, attributes, html) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (html) { made.innerHTML = html; }
    return made;
  }

  /* ---- signs -------------------------------------------------------------------------- */

  function outline(shape, size) {
    var m = size / 2 + 2, r = size / 2;
    if (shape === "square") { return "M" + (m - r) + " " + (m - r) + "h" + size + "v" + size + "h" + -size + "z"; }
    if (shape === "diamond") { return "M" + m + " " + (m - r) + "L" + (m + r) + " " + m + "L" + m + " " + (m + r) + "L" + (m - r) + " " + m + "z"; }
    if (shape === "triangle") { return "M" + m + " " + (m - r) + "L" + (m + r) + " " + (m + r) + "L" + (m - r) + " " + (m + r) + "z"; }
    return "M" + (m - r) + " " + m + "a" + r + " " + r + " 0 1 0 " + size + " 0a" + r + " " + r + " 0 1 0 " + -size + " 0z";
  }

  function paint(symbol) {
    return ' stroke="' + symbol.stroke + '" stroke-width="' + symbol.width_px + '" fill="' +
      (symbol.fill || "none") + '" fill-opacity="' + symbol.opacity + '"' +
      (symbol.dash_px.length ? ' stroke-dasharray="' + symbol.dash_px.join(" ") + '"' : "");
  }

  function sign(symbol) {
    var size = symbol.size_px, box = size + 4;
    return '<svg width="' + box + '" height="' + box + '" viewBox="0 0 ' + box + " " + box +
      '" aria-hidden="true"><path d="' + outline(symbol.shape, size) + '"' + paint(symbol) + "/></svg>";
  }

  function swatch(symbol) {
    var shape = symbol.shape === "line" ? '<path d="M1 8h24"' : symbol.shape === "area" ? '<rect x="2" y="2" width="22" height="12" rx="' + (symbol.fill ? 0 : 6) + '"' : "";
    if (!shape) { return '<span class="swatch">' + sign(symbol) + "</span>"; }
    return '<span class="swatch"><svg width="26" height="16" aria-hidden="true">' + shape + paint(symbol) + "/></svg></span>";
  }

  function pathStyle(symbol) {
    return {
      color: symbol.stroke, weight: symbol.width_px, dashArray: symbol.dash_px.join(" ") || null,
      fill: symbol.fill !== null, fillColor: symbol.fill || symbol.stroke, fillOpacity: symbol.fill ? symbol.opacity : 0
    };
  }

  /* ---- features ----------------------------------------------------------------------- */

  /* Facts are kept as rows under one head; they become a table when asked. */
  function unrolled(layer, feature) {
    if (!feature.row && feature.place === undefined) { return feature; }
    var row = feature.row || layer.points.columns.map(function (column) { return cellOf(column, feature.place); });
    var lines = row.map(function (cell, i) { return cell === null ? "" : "<tr><th scope='row'>" + layer.heads[i] + "</th><td>" + cell + "</td></tr>"; });
    return L.extend({}, feature, { facts: "<table class='facts'>" + lines.join("") + "</table>" });
  }

  function cellOf(column, i) {
    if (column.of) { return column.of[i] < 0 ? null : column.words[column.of[i]]; }
    return column.values[i] === null ? null : anzobWords.figures(column.values[i], 10) + column.unit;
  }

  /* Many points come in columns, their places as steps of a millionth of a degree. */
  function unpacked(layer) {
    var told = layer.points, lng = 0, lat = 0;
    if (!told) { return; }
    function word(of, i) { return of.of[i] < 0 ? "" : of.words[of.of[i]]; }
    layer.heads = told.columns.map(function (column) { return column.head; });
    layer.features = told.lng.map(function (step, i) {
      lng += step;
      lat += told.lat[i];
      return { geometry: { type: "Point", coordinates: [lng / 1e6, lat / 1e6] }, "class": told["class"][i], title: word(told.name, i) || layer.title, facts: "",
        name: word(told.name, i), label: word(told.label, i), card: word(told.card, i), z: told.z ? told.z[i] : undefined, place: i };
    });
  }

  function drawFeature(map, layer, feature, cards, labels) {
    var symbol = layer.classes[feature["class"]].symbol, many = layer.features.length > 300;
    var drawn = L.geoJSON({ type: "Feature", geometry: feature.geometry, properties: {} }, {
      style: function () { return L.extend(pathStyle(symbol), { smoothFactor: feature.spots ? STAIRS : 0.3, className: "path-" + layer.name, pane: layer.pane }); },
      pointToLayer: function (_, at) {
        if (many) { return L.circleMarker(at, L.extend(pathStyle(symbol), { radius: symbol.size_px / 2, pane: layer.pane })); }
        var box = symbol.size_px + 4;
        return L.marker(at, {
          icon: L.divIcon({ className: "point", html: sign(symbol), iconSize: [box, box] }),
          alt: layer.title, riseOnHover: true, zIndexOffset: layer.order * 1000
        });
      }
    });
    drawn.eachLayer(function (part) {
      part.bindPopup(function () { return popup(unrolled(layer, feature), cards); }, { maxWidth: 430, minWidth: 240 });
      // Room for a popup differs between a phone and a wall screen: measured when it opens.
      part.on("click keypress", function () {
        var size = map.getSize(), options = part.getPopup().options, panel = document.getElementById("layer-panel");
        var beside = panel && size.x > 900 ? panel.offsetWidth : 0, levels = document.getElementById("level-panel");
        options.autoPanPaddingTopLeft = L.point(beside ? (levels ? levels.offsetWidth + 18 : 56) : 8, 12);
        options.autoPanPaddingBottomRight = L.point(beside + 20, 12);
        options.maxWidth = Math.min(430, size.x - 60);
        options.minWidth = Math.min(240, options.maxWidth);
        options.maxHeight = Math.max(160, Math.round(size.y * 0.56));
        part.getPopup().update();
      });
      if (layer.ground && part.getLatLngs) { standOnGround(part, layer, feature["class"] === layer.whole); }
      if (feature.label) { label(map, part, layer, feature, labels); }
      else if (feature.name) { part.bindTooltip(feature.name, { sticky: true, direction: "top" }); }
      if (part.getElement) {
        part.on("add", function () {
          var node = part.getElement();
          if (node && part instanceof L.Marker) { node.setAttribute("aria-label", (new DOMParser().parseFromString(feature.name || layer.title, "text/html")).body.textContent); }
        });
      }
    });
    return drawn;
  }

  /* A click inside a hollow outline is about it, not about what lies beneath, such as a licence; what
     lies inside it stays on top, and the smaller outline over the larger. */
  function standOnGround(part, layer, whole) {
    var box = part.getBounds(), own = { size: (box.getNorth() - box.getSouth()) * (box.getEast() - box.getWest()) };
    // The last pushback ends where the pit does: there a click is about the pit.
    if (whole) { own.size *= 0.999; }
    var ground = L.polygon(part.getLatLngs(), { pane: layer.ground, stroke: false, fillOpacity: 0, className: "ground", smoothFactor: 0.3 });
    ground.on("click", function (event) { L.DomEvent.stop(event); part.fire("click", { latlng: event.latlng, layerPoint: event.layerPoint, layer: part, propagatedFrom: part }); });
    own.ground = ground;
    layer.grounds = (layer.grounds || []).concat(own).sort(function (a, b) { return b.size - a.size; });
    part.on("add", function () {
      part._map.addLayer(ground);
      layer.grounds.forEach(function (one) { if (one.ground._map) { one.ground.bringToFront(); } });
    });
    part.on("remove", function () { ground.remove(); });
  }

  /* Each layer has a pane of its own, so that one switched off and on again is where it was. */
  function inPanes(map, layers) {
    function made(name, z) { map.createPane(name).style.zIndex = z; return name; }
    layers.forEach(function (layer, order) { layer.pane = made("drawn-" + layer.name, 401 + 2 * order); });
    layers.forEach(function (layer) {
      if (layer.name !== "pit_outline") { return; }
      /* Above extents, below everything that lies in the ground. */
      var first = layers.findIndex(function (one) { return ["drillhole_traces", "stopes", "pit_outline"].indexOf(one.name) >= 0; });
      layer.whole = layer.classes.findIndex(function (one) { return one.value === "ultimate"; });
      layer.ground = made("ground-" + layer.name, 400 + 2 * first);
    });
  }

  function popup(feature, cards) {
    var card = feature.card ? cards[feature.card] || "" : "";
    return '<div class="card"><h3>' + feature.title + "</h3>" + card + (card && feature.facts ? "<h4>" + say("This feature of the map") + "</h4>" : "") + feature.facts + "</div>";
  }

  function label(map, part, layer, feature, labels) {
    var disc = layer.classes[feature["class"]].symbol.shape === "area";
    var at = disc ? L.latLng(part.getBounds().getSouth(), part.getBounds().getCenter().lng) : null;
    var tip = L.tooltip({
      permanent: true, direction: disc ? "bottom" : "right", interactive: false,
      className: "label label-" + layer.name, opacity: 1, offset: [0, 0]
    }).setContent(feature.label);
    var entry = { tip: tip, at: at, part: part, priority: layer.priority, disc: disc, spots: feature.spots || null, size: layer.classes[feature["class"]].symbol.size_px };
    labels.push(entry);
    part.on("add", function () { tip.setLatLng(at || (part.getLatLng ? part.getLatLng() : part.getCenter())); map.addLayer(tip); });
    part.on("remove", function () { map.removeLayer(tip); });
  }

  /* Labels that would overlap look for another side of their point; the lesser one yields. */
  function declutter(map, labels) {
    var frame = map.getContainer().getBoundingClientRect(), taken = [];
    ["layer-panel", "bench-panel", "level-panel", "pit-panel", "tools"].forEach(function (id) {
      var panel = document.getElementById(id);
      if (panel) { taken.push(panel.getBoundingClientRect()); }
    });
    var shown = labels.filter(function (entry) { return map.hasLayer(entry.tip); });
    shown.forEach(function (entry) {
      if (entry.disc) { return; }
      var p = map.latLngToContainerPoint(entry.tip.getLatLng()), r = entry.size / 2;
      taken.push({ left: frame.left + p.x - r, right: frame.left + p.x + r, top: frame.top + p.y - r, bottom: frame.top + p.y + r, own: entry });
    });
    shown.sort(function (a, b) { return a.priority - b.priority; }).forEach(function (entry) {
      var node = entry.tip.getElement(), sides = entry.spots ? ["center"] : entry.disc ? ["bottom", "top"] : DIRECTIONS, free = false, i, box;
      var spots = entry.spots || [null], tries = spots.length * sides.length, i0;
      if (!node) { return; }
      for (i0 = 0; i0 < tries && !free; i0 += 1) {
        i = i0 % sides.length;
        var shift = entry.disc ? 0 : entry.size / 2;
        if (entry.spots) { entry.tip.setLatLng(spots[Math.floor(i0 / sides.length)]); }
        entry.tip.options.direction = sides[i];
        entry.tip.options.offset = L.point({ right: [shift, 0], left: [-shift, 0], top: [0, -shift], bottom: [0, shift], center: [0, 0] }[sides[i]]);
        entry.tip.update();
        box = node.getBoundingClientRect();
        free = !taken.some(function (other) {
          return other.own !== entry && box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top;
        }) && box.left >= frame.left && box.right <= frame.right && box.top >= frame.top;
      }
      node.style.visibility = free ? "visible" : "hidden";
      if (free) { taken.push(box); }
    });
  }

  /* ---- layer panel and legend --------------------------------------------------------- */

  function layerPanel(map, data, groups, tiles, redraw) {
    var control = L.control({ position: "topright" });
    control.onAdd = function () {
      var box = element("section", { id: "layer-panel", "class": "layers", "aria-label": say("Layers and legend"), tabindex: "-1" });
      var list = element("div", { id: "layer-list" });
      var fold = element("button", { type: "button", "aria-expanded": "true", "aria-controls": "layer-list" }, say("Layers and legend"));
      fold.addEventListener("click", function () { setFolded(fold, list, !list.hidden); redraw(); });
      if (map.getSize().x < 560) { setFolded(fold, list, true); }
      box.appendChild(fold);
      box.appendChild(list);
      var heading = "";
      data.panel.forEach(function (name) {
        var layer = data.layers.filter(function (one) { return one.name === name; })[0];
        if (layer.group !== heading) { heading = layer.group; list.appendChild(element("h3", {}, heading)); }
        list.appendChild(layerSwitch(map, layer, groups[name], redraw));
      });
      var reference = element("div", { "class": "reference" }, "<h3>" + say("Reference") + "</h3>");
      reference.appendChild(plainSwitch(map, "Grid of latitude and longitude", say("Grid of latitude and longitude"), groups.graticule, true));
      if (tiles) {
        reference.appendChild(plainSwitch(map, "Background map from the internet", say("Background map from the internet"), tiles, false));
        reference.appendChild(element("p", { id: "tile-message", "class": "note", role: "status" }));
      }
      (data.pictures || []).forEach(function (one) {
        var picture = L.imageOverlay(one.uri, one.bounds, { opacity: one.opacity, pane: "pictures", interactive: false, alt: "" });
        if (!one.off) { map.addLayer(picture); }
        reference.appendChild(plainSwitch(map, one.name, one.title, picture, !one.off));
        if (one.note) { reference.appendChild(element("p", { "class": "note" }, one.note)); }
      });
      list.appendChild(reference);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    return control;
  }

  function setFolded(button, list, folded) {
    list.hidden = folded;
    button.setAttribute("aria-expanded", String(!folded));
  }

  function checkbox(text, checked, key) {
    var line = element("label", {}, text), box = element("input", { type: "checkbox", "data-key": key });
    box.checked = checked;
    line.insertBefore(box, line.firstChild);
    return { line: line, box: box };
  }

  function layerSwitch(map, layer, parts, redraw) {
    var used = layer.classes.map(function (c, i) { return i; }).filter(function (i) { return layer.classes[i].count > 0; });
    var one = used.length === 1;
    var whole = checkbox((one ? swatch(layer.classes[used[0]].symbol) : "") + "<span>" + layer.title + "</span>", !layer.off, layer.name);
    var block = element("div", { "class": "layer" }), boxes = [];
    block.appendChild(whole.line);
    function toggle(i, on) { parts.fill(); if (on) { map.addLayer(parts[i]); } else { map.removeLayer(parts[i]); } }
    function note() {
      var on = boxes.filter(function (b) { return b.checked; }).length;
      whole.box.checked = on === boxes.length;
      whole.box.indeterminate = on > 0 && on < boxes.length;
    }
    if (!one) {
      var list = element("div", { "class": "classes", role: "group", "aria-label": layer.title });
      used.forEach(function (i) {
        var made = checkbox(swatch(layer.classes[i].symbol) + "<span>" + layer.classes[i].label + "</span>", !layer.off, layer.name + ":" + i);
        made.box.addEventListener("change", function () { toggle(i, made.box.checked); note(); redraw(); });
        boxes.push(made.box);
        list.appendChild(made.line);
      });
      block.appendChild(list);
    }
    whole.box.addEventListener("change", function () {
      used.forEach(function (i) { toggle(i, whole.box.checked); });
      boxes.forEach(function (b) { b.checked = whole.box.checked; });
      redraw();
    });
    if (layer.note) { block.appendChild(element("p", { "class": "note" }, layer.note)); }
    return block;
  }

  function plainSwitch(map, key, text, layer, on) {
    var made = checkbox("<span>" + text + "</span>", on, key);
    made.box.addEventListener("change", function () { if (made.box.checked) { map.addLayer(layer); } else { map.removeLayer(layer); } });
    return made.line;
  }

  function onlineTiles(tiles) {
    var layer = L.tileLayer(tiles.url, { attribution: tiles.attribution, maxZoom: 17, opacity: 0.75, className: "tiles" });
    function tell(words) { var at = document.getElementById("tile-message"); if (at) { at.textContent = words; } }
    layer.on("tileerror", function () { tell(say("The background map cannot be reached; everything else works without it.")); });
    layer.on("tileload", function () { tell(""); });
    layer.on("remove", function () { tell(""); });
    return layer;
  }

  /* ---- graticule, coordinates, scale -------------------------------------------------- */

  /* Leaflet's own words, in the language of the page: the buttons of zoom, the unit of the scale. */
  function spoken(map, scale) {
    var write = scale._updateScale;
    scale._updateScale = function (node, text, share) {
      write.call(scale, node, text.replace(/k?m$/, function (unit) { return unit === "km" ? say("km") : say("m"); }), share);
    };
    scale.addTo(map);
    [[".leaflet-control-zoom-in", say("Zoom in")], [".leaflet-control-zoom-out", say("Zoom out")]].forEach(function (pair) {
      var button = map.getContainer().querySelector(pair[0]);
      if (button) { button.title = pair[1]; button.setAttribute("aria-label", pair[1]); }
    });
  }

  function degrees(value, positive, negative) {
    var minutes = Math.round(Math.abs(value) * 60), whole = Math.floor(minutes / 60), rest = minutes % 60;
    var side = say(value < 0 ? negative : positive);
    return whole + "°" + (rest ? (rest < 10 ? "0" : "") + rest + "′" : "") + (side.length > 1 ? " " : "") + side;
  }

  function graticule(map) {
    var group = L.layerGroup(), steps = [600, 300, 120, 60, 30, 20, 10, 5, 2, 1];
    function line(points, text, at, className) {
      L.polyline(points, { color: "#9aa3ad", weight: 0.8, opacity: 0.75, interactive: false, pane: "graticule" }).addTo(group);
      if (free(at)) { L.marker(at, { interactive: false, keyboard: false, pane: "graticule", icon: L.divIcon({ className: "grid-label " + className, html: text, iconSize: null }) }).addTo(group); }
    }
    function free(at) {
      /* No label under the zoom buttons, the panel or the scale. */
      var p = map.latLngToContainerPoint(at), size = map.getSize(), panel = document.getElementById("layer-panel");
      return !(p.x < 50 && (p.y < 80 || p.y > size.y - 50)) && !(panel && p.y < panel.offsetHeight + 12 && p.x > size.x - panel.offsetWidth - 70);
    }
    function draw() {
      group.clearLayers();
      var b = map.getBounds(), w = b.getWest(), e = b.getEast(), s = b.getSouth(), n = b.getNorth(), span = Math.max(e - w, n - s) * 60;
      var step = steps.filter(function (m) { return span / m <= 7; }).pop() || 600, k;
      for (k = Math.ceil(w * 60 / step); k * step <= e * 60; k += 1) { line([[s, k * step / 60], [n, k * step / 60]], degrees(k * step / 60, "E", "W"), [n, k * step / 60], "lon"); }
      for (k = Math.ceil(s * 60 / step); k * step <= n * 60; k += 1) { line([[k * step / 60, w], [k * step / 60, e]], degrees(k * step / 60, "N", "S"), [k * step / 60, w], "lat"); }
    }
    map.createPane("graticule").style.zIndex = 350;
    map.on("moveend resize", draw);
    group.on("add", draw);
    return group;
  }

  /* Transverse Mercator on the WGS 84 ellipsoid by Krueger's series to the third order of the
     third flattening: under a millimetre within a zone. */
  function utm(at, grid) {
    var a = 6378137, f = 1 / 298.257223563, n = f / (2 - f), k0 = 0.9996, rad = Math.PI / 180;
    var A = a / (1 + n) * (1 + n * n / 4 + n * n * n * n / 64);
    var alpha = [n / 2 - 2 * n * n / 3 + 5 * n * n * n / 16, 13 * n * n / 48 - 3 * n * n * n / 5, 61 * n * n * n / 240];
    var e = Math.sqrt(f * (2 - f)), phi = at.lat * rad, dl = (at.lng - (grid.zone * 6 - 183)) * rad;
    var t = Math.sinh(Math.atanh(Math.sin(phi)) - e * Math.atanh(e * Math.sin(phi)));
    var xi = Math.atan2(t, Math.cos(dl)), eta = Math.atanh(Math.sin(dl) / Math.sqrt(1 + t * t));
    var x = eta, y = xi;
    alpha.forEach(function (c, j) {
      var m = 2 * (j + 1);
      x += c * Math.cos(m * xi) * Math.sinh(m * eta);
      y += c * Math.sin(m * xi) * Math.cosh(m * eta);
    });
    return { easting: 500000 + k0 * A * x, northing: (grid.south ? 1e7 : 0) + k0 * A * y };
  }

  function cursor(map, grid) {
    var control = L.control({ position: "bottomright" });
    control.onAdd = function () {
      var box = element("div", { id: "cursor", "class": "cursor" });
      function show(at) {
        var text = anzobWords.fixed(Math.abs(at.lat), 4) + "° " + say(at.lat < 0 ? "S" : "N") + ", " +
          anzobWords.fixed(Math.abs(at.lng), 4) + "° " + say(at.lng < 0 ? "W" : "E") + " (WGS 84)";
        if (grid && Math.abs(at.lng - (grid.zone * 6 - 183)) < 9) {
          var m = utm(at, grid);
          text += "<br>" + say("E {0} m, N {1} m", anzobWords.grouped(Math.round(m.easting)), anzobWords.grouped(Math.round(m.northing))) + " (" + grid.name + ")";
        }
        box.innerHTML = text;
      }
      map.on("mousemove", function (event) { show(event.latlng); });
      map.on("move", function () { show(map.getCenter()); });
      show(map.getCenter());
      return box;
    };
    return control;
  }

  /* ---- paper -------------------------------------------------------------------------- */

  function onPaper(map, redraw) {
    var kept = null;
    window.addEventListener("beforeprint", function () {
      if (kept) { return; }
      var fold = document.querySelector("#layer-panel button"), list = document.getElementById("layer-list");
      kept = { bounds: map.getBounds(), fold: fold, list: list, folded: list.hidden, closed: [].slice.call(document.querySelectorAll("details:not([open])")) };
      kept.closed.forEach(function (one) { one.open = true; });
      map.closePopup();
      document.body.classList.add("on-paper");
      setFolded(kept.fold, kept.list, false);
      map.invalidateSize({ animate: false });
      map.fitBounds(kept.bounds, { animate: false });
      redraw();
    });
    window.addEventListener("afterprint", function () {
      if (!kept) { return; }
      var back = kept;
      kept = null;
      document.body.classList.remove("on-paper");
      setFolded(back.fold, back.list, back.folded);
      back.closed.forEach(function (one) { one.open = false; });
      map.invalidateSize({ animate: false });
      map.fitBounds(back.bounds, { animate: false });
      redraw();
    });
  }

  function openOn(map, view) {
    if (view.centre) { map.setView(view.centre, view.zoom, { animate: false }); return; }
    var panel = document.getElementById("layer-panel"), wide = map.getSize().x > 760;
    var right = panel && wide ? panel.offsetWidth : 0, benches = document.getElementById("bench-panel") || document.getElementById("level-panel");
    map.fitBounds(view.bounds, { animate: false, paddingTopLeft: [24 + (benches && map.getSize().x > 860 ? benches.offsetWidth : 0), 24], paddingBottomRight: [24 + right, 44] });
  }

  /* A popup opened by key takes the focus and gives it back; Escape closes it from anywhere. */
  function popupsByKeyboard(map) {
    var from = null;
    map.getContainer().addEventListener("keydown", function (event) {
      if (event.key === "Enter") { from = document.activeElement; }
      if (event.key === "Escape" && map._popup && map._popup.isOpen()) { map.closePopup(); }
    }, true);
    map.getContainer().addEventListener("pointerdown", function () { from = null; }, true);
    map.on("popupopen", function (event) {
      var node = event.popup.getElement().querySelector(".leaflet-popup-content");
      node.setAttribute("tabindex", "0");
      event.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", say("Close"));
      if (from) { node.focus({ preventScroll: true }); }
    });
    map.on("popupclose", function () {
      if (from && from.focus) { from.focus({ preventScroll: true }); }
      from = null;
    });
  }

  /* On a phone text comes before the map: one tap leads there, another one back to the same line. */
  function jumping(map) {
    var foot = document.querySelector("body > .disclaimer"), box = map.getContainer(), kept = 0;
    if (!foot) { return; }
    var button = element("button", { type: "button", id: "jump" });
    function top() { var banner = document.querySelector("body > .synthetic"); return box.getBoundingClientRect().top - (banner ? banner.offsetHeight : 0); }
    function there() { return Math.abs(top()) < box.offsetHeight / 2; }
    function name() { button.textContent = there() ? say("Back to the text") : say("To the map"); }
    button.addEventListener("click", function () {
      if (there()) { window.scrollTo(0, kept); } else { kept = window.scrollY; window.scrollBy(0, top()); }
      name();
    });
    window.addEventListener("scroll", name, { passive: true });
    window.addEventListener("resize", name);
    foot.appendChild(button);
    name();
  }

  function start(map) {
    map.setMaxZoom(20);
    var data = JSON.parse(document.getElementById("study").textContent), labels = [], groups = {};
    var redraw = function () { declutter(map, labels); };
    map.attributionControl.setPrefix("Leaflet 1.9.4");
    openOn(map, data.view);
    data.layers.forEach(unpacked);
    groups.graticule = graticule(map).addTo(map);
    map.createPane("pictures").style.zIndex = 250;
    inPanes(map, data.layers);
    data.layers.forEach(function (layer, order) {
      layer.order = order;
      groups[layer.name] = layer.classes.map(function () { return L.featureGroup(); });
      /* A layer that is off when the page opens costs nothing until it is switched on. */
      groups[layer.name].parts = [];
      groups[layer.name].fill = function () {
        groups[layer.name].fill = function () {};
        layer.features.forEach(function (feature) {
          var drawn = drawFeature(map, layer, feature, data.cards, labels);
          groups[layer.name].parts.push({ feature: feature, drawn: drawn });
          groups[layer.name][feature["class"]].addLayer(drawn);
        });
        if (groups[layer.name].filled) { groups[layer.name].filled(); }
      };
      if (layer.off) { return; }
      groups[layer.name].fill();
      groups[layer.name].slice().reverse().forEach(function (group) { map.addLayer(group); });
    });
    layerPanel(map, data, groups, data.tiles ? onlineTiles(data.tiles) : null, redraw).addTo(map);
    spoken(map, L.control.scale({ imperial: false, maxWidth: 160 }));
    cursor(map, data.grid).addTo(map);
    if (window.anzobBenches) { window.anzobBenches.start(map); }
    if (window.anzobLevels) { window.anzobLevels.start(map, data.layers, groups); }
    if (window.anzobPit) { window.anzobPit.start(map); }
    openOn(map, data.view);
    anzobMap.map = map;
    anzobMap.groups = groups;
    anzobTools.start(map, data, groups);
    map.on("zoomend moveend resize", redraw);
    redraw();
    onPaper(map, redraw);
    popupsByKeyboard(map);
    jumping(map);
    if (window.ResizeObserver) {
      new ResizeObserver(function () { map.invalidateSize({ animate: false }); }).observe(map.getContainer());
    }
    document.documentElement.setAttribute("data-ready", "yes");
  }

  return { start: start, utm: utm };
})();
