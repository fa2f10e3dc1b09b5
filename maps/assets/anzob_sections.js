/* Vertical sections on the map page of anzob: blocks, stopes, ground, pit, holes and samples along a
   line that the reader draws, moves or turns. Names come as escaped HTML and are shown as text. */
"use strict";
var anzobSections = (function () {
  var say = anzobWords.say, PAD = { left: 52, right: 12, top: 38, bottom: 34 }, WIDTHS = [10, 25, 50, 100], INK = "#1b1f24";
  /* A line longer than this is no section of a mine, and one shorter no line [m]. */
  var LONGEST = 50000, SHORTEST = 1;
  /* Ground and pit are told apart by dashes, not by colour alone. */
  var GROUND = { colour: "#7d6650", width: 2, dash: [9, 3] }, PIT = { colour: "#d55e00", width: 1.7, dash: [] };

  function start(map, data, groups, bar) {
    var benches = window.anzobBenches && anzobBenches.model ? anzobBenches : null, tools = anzobTools;
    function layerOf(name) { return data.layers.filter(function (one) { return one.name === name; })[0]; }
    var stopes = data.layers.filter(function (one) { return one.levels; })[0], traces = layerOf("drillhole_traces"), samples = layerOf("composites");
    if (!benches && !stopes && !(traces && traces.features.some(function (f) { return f.path; }))) { return; }
    var middle = map.getCenter().lng, line = null, width = 25, rows = null, area = null, drawn = L.layerGroup().addTo(map);
    var told_under = document.getElementById("under"), under = told_under ? JSON.parse(told_under.textContent) : {}, nets = {}, asked = null;
    map.createPane("section-line").style.zIndex = 630;
    map.getPane("section-line").style.pointerEvents = "none";

    /* ---- the window -------------------------------------------------------------------- */

    var box = document.createElement("section");
    box.id = "section-panel";
    box.className = "layers section-panel";
    box.hidden = true;
    box.setAttribute("aria-label", say("Vertical section"));
    box.innerHTML = '<p class="section-bar"><b>' + say("Vertical section") + '</b><button type="button" id="section-draw"></button><button type="button" id="section-back"></button>' +
      '<button type="button" id="section-on"></button><button type="button" id="section-turn"></button><label for="section-width"></label><select id="section-width"></select>' +
      '<label class="inline"><input type="checkbox" id="section-large"><span></span></label><button type="button" id="section-close"></button></p>' +
      '<canvas id="section-canvas" role="img"></canvas><p id="section-value" class="aside"></p><ul id="section-legend" class="keys" aria-label="' + say("Legend of the section") + '"></ul><p id="section-said" class="note" role="status"></p>';
    function at(id) { return box.querySelector("#" + id); }
    at("section-draw").textContent = say("Draw a line");
    at("section-turn").textContent = say("Turn by 15°");
    at("section-close").textContent = say("Close");
    box.querySelector("label[for=section-width]").textContent = say("Holes within");
    box.querySelector(".inline span").textContent = say("Larger");
    WIDTHS.forEach(function (w) { var o = document.createElement("option"); o.value = w; o.textContent = "± " + w + " " + say("m"); at("section-width").appendChild(o); });
    at("section-width").value = width;
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    map.getContainer().appendChild(box);

    /* ---- places along the line ---------------------------------------------------------- */

    function flat(lat, lng) { return tools.plane({ lat: lat, lng: lng }, middle); }
    function frame() {
      var a = flat(line[0].lat, line[0].lng), b = flat(line[1].lat, line[1].lng), long = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      var u = { x: (b.x - a.x) / long, y: (b.y - a.y) / long };
      return { long: long, u: u, of: function (lat, lng) { var p = flat(lat, lng); return { s: (p.x - a.x) * u.x + (p.y - a.y) * u.y, d: (p.y - a.y) * u.x - (p.x - a.x) * u.y }; } };
    }
    function step() { return stopes && stopes.section_m ? stopes.section_m : benches ? Math.max(benches.model.size_m[0], benches.model.size_m[1]) : 20; }

    function opening() {
      var c, across;
      if (benches) {
        var m = benches.model.mesh, n = m.columns.length, sw = L.latLng(m.nodes[0]), se = L.latLng(m.nodes[n - 1]), nw = L.latLng(m.nodes[m.nodes.length - n]), ne = L.latLng(m.nodes[m.nodes.length - 1]);
        c = L.latLng((sw.lat + ne.lat) / 2, (sw.lng + ne.lng) / 2);
        across = benches.model.nx * benches.model.size_m[0] < benches.model.ny * benches.model.size_m[1] ? [se, sw] : [nw, sw];
      } else {
        var bounds = L.latLngBounds([]);
        (stopes ? [stopes] : [traces]).forEach(function (layer) { layer.features.forEach(function (f) { bounds.extend(L.geoJSON(f.geometry).getBounds()); }); });
        c = bounds.getCenter();
        across = [bounds.getNorthEast(), bounds.getNorthWest()];
      }
      if (stopes && benches) {
        var lats = 0, lngs = 0, k = 0;
        stopes.features.forEach(function (f) { var p = L.geoJSON(f.geometry).getBounds().getCenter(); lats += p.lat; lngs += p.lng; k += 1; });
        if (k) { c = L.latLng(lats / k, lngs / k); }
      }
      /* Somewhat beyond the model, so that holes from the side are seen whole. */
      var dy = (across[0].lat - across[1].lat) * 0.75, dx = (across[0].lng - across[1].lng) * 0.75, westward = dx < 0 ? -1 : 1;
      line = [L.latLng(c.lat - westward * dy, c.lng - westward * dx), L.latLng(c.lat + westward * dy, c.lng + westward * dx)];
    }

    function moved(by) {
      var f = frame(), k = Math.cos(line[0].lat * Math.PI / 180), y = -by * f.u.x / 111200, x = by * f.u.y / (111320 * k);
      line = line.map(function (p) { return L.latLng(p.lat + y, p.lng + x); });
    }
    function turned(by) {
      var c = L.latLng((line[0].lat + line[1].lat) / 2, (line[0].lng + line[1].lng) / 2), k = Math.cos(c.lat * Math.PI / 180), cos = Math.cos(by), sin = Math.sin(by);
      line = line.map(function (p) { var x = (p.lng - c.lng) * k, y = p.lat - c.lat; return L.latLng(c.lat + y * cos - x * sin, c.lng + (x * cos + y * sin) / k); });
    }

    /* ---- what the section cuts ----------------------------------------------------------- */

    function ringsOf(geometry) { return geometry.type === "Polygon" ? geometry.coordinates : geometry.type === "MultiPolygon" ? [].concat.apply([], geometry.coordinates) : []; }
    /* Pieces of the line inside a shape, metres from A: between every other crossing of its edges. */
    function pieces(geometry, f) {
      var cuts = [], found = [], i;
      ringsOf(geometry).forEach(function (ring) {
        var before = null;
        ring.forEach(function (c) {
          var p = f.of(c[1], c[0]);
          if (before && (before.d > 0) !== (p.d > 0)) { cuts.push(before.s + (p.s - before.s) * before.d / (before.d - p.d)); }
          before = p;
        });
      });
      cuts.sort(function (x, y) { return x - y; });
      for (i = 0; i + 1 < cuts.length; i += 2) { if (cuts[i + 1] > 0 && cuts[i] < f.long) { found.push([Math.max(0, cuts[i]), Math.min(f.long, cuts[i + 1])]); } }
      return found;
    }

    /* Corners of a body count from one place in steps of a hundred-millionth of a degree: floor, roof. */
    function cut(body, level, f) {
      var corners = [], k;
      for (k = 0; k < 8; k += 1) {
        var q = f.of(stopes.bodies_from[1] + body[2 * k + 1] * 1e-8, stopes.bodies_from[0] + body[2 * k] * 1e-8);
        corners.push({ s: q.s, d: q.d, z: k < 4 ? level.low : level.high });
      }
      var outline = anzobCuts.body(corners);
      return outline.length > 2 ? [outline] : [];
    }
    function upright(piece, level) { return [[piece[0], level.low], [piece[1], level.low], [piece[1], level.high], [piece[0], level.high]]; }

    /* The ground in steps of half a cell; the columns of the pit where one ends and the next begins. */
    function surfaces(found, f, reach) {
      var n, i, s, z, cell, before = -1, run = [];
      function at(along) { return placeAt(along, f); }
      if (nets.ground) {
        n = Math.min(4000, Math.max(2, Math.ceil(f.long / (under.ground.cell_m / 2))));
        for (i = 0; i <= n; i += 1) {
          s = f.long * i / n;
          z = nets.ground.between(at(s));
          if (z !== null) { run.push([s, z]); reach(z); }
          if ((z === null || i === n) && run.length) { found.ground.push(run); run = []; }
        }
      }
      if (!nets.pit) { return; }
      function column(k) { return nets.pit.index(at(f.long * k / n)); }
      /* Slivers of a column that are shorter than half a metre are passed over. */
      n = Math.min(4000, Math.max(2, Math.ceil(f.long / 0.5)));
      for (i = 0; i <= n; i += 1) {
        cell = column(i);
        if (i && cell !== before) { s = f.long * edge(column, i - 1, i) / n; if (found.pit.length) { found.pit[found.pit.length - 1].to = s; } } else { s = f.long * i / n; }
        if (!i || cell !== before) { found.pit.push({ from: s, to: f.long, floor: nets.pit.number(cell, 0), top: nets.pit.number(cell, 1) }); }
        before = cell;
      }
      found.pit.forEach(function (one) { if (one.floor !== null) { reach(one.floor); reach(one.top); } });
    }
    /* Where the first column ends, to a millimetre. */
    function edge(column, low, high) {
      var own = column(low), middle_, k;
      for (k = 0; k < 12; k += 1) { middle_ = (low + high) / 2; if (column(middle_) === own) { low = middle_; } else { high = middle_; } }
      return high;
    }

    /* Nets are unfolded when a section is opened first; the section is drawn again when they are. */
    function ask() {
      asked = asked || Promise.all(["ground", "pit"].filter(function (name) { return under[name]; }).map(function (name) {
        return anzobCuts.opened(under[name]).then(function (net) { nets[name] = net; });
      })).then(function () { draw(); document.documentElement.setAttribute("data-nets", Object.keys(nets).sort().join(" ")); }, function () { /* the section does without */ });
    }

    function gather() {
      var f = frame(), found = { frame: f, stopes: [], upright: 0, holes: [], samples: [], ground: [], pit: [], low: Infinity, high: -Infinity };
      function reach(z) { found.low = Math.min(found.low, z); found.high = Math.max(found.high, z); }
      if (benches) { reach(benches.model.benches[0].low); reach(benches.model.benches[benches.model.benches.length - 1].high); }
      if (stopes) {
        stopes.features.forEach(function (one) {
          if (!(one.level >= 0)) { return; }
          var level = stopes.levels[one.level];
          (one.body ? cut(one.body, level, f) : pieces(one.geometry, f).map(function (piece) { return upright(piece, level); })).forEach(function (outline) {
            var along = outline.map(function (p) { return p[0]; }), from = Math.min.apply(null, along), to = Math.max.apply(null, along);
            if (to < 0 || from > f.long) { return; }
            found.stopes.push({ from: from, to: to, outline: outline, feature: one });
            found.upright += one.body ? 0 : 1;
            reach(level.low);
            reach(level.high);
          });
        });
      }
      surfaces(found, f, reach);
      (traces ? traces.features : []).forEach(function (one) {
        var path = (one.path || []).map(function (p) { var q = f.of(p[1], p[0]); return { s: q.s, d: q.d, z: p[2] }; }), parts = [], i, t0, t1, a, b, w;
        for (i = 0; i + 1 < path.length; i += 1) {
          a = path[i]; b = path[i + 1]; w = b.d - a.d; t0 = 0; t1 = 1;
          if (Math.abs(w) < 1e-9) { if (Math.abs(a.d) > width) { continue; } } else {
            var lo = (-width - a.d) / w, hi = (width - a.d) / w;
            t0 = Math.max(0, Math.min(lo, hi)); t1 = Math.min(1, Math.max(lo, hi));
          }
          if (t0 < t1) { parts.push([a.s + (b.s - a.s) * t0, a.z + (b.z - a.z) * t0, a.s + (b.s - a.s) * t1, a.z + (b.z - a.z) * t1]); }
        }
        parts = parts.filter(function (p) { return Math.max(p[0], p[2]) >= 0 && Math.min(p[0], p[2]) <= f.long; });
        if (parts.length) { found.holes.push({ name: tools.plainOf(one.name), parts: parts }); parts.forEach(function (p) { reach(p[1]); reach(p[3]); }); }
      });
      (samples ? samples.features : []).forEach(function (one) {
        var c = one.geometry.coordinates, q = one.z === undefined ? null : f.of(c[1], c[0]);
        if (q && Math.abs(q.d) <= width && q.s >= 0 && q.s <= f.long) { found.samples.push({ s: q.s, z: one.z, fill: samples.classes[one["class"]].symbol.fill || INK }); }
      });
      return found;
    }

    /* ---- drawing ------------------------------------------------------------------------- */

    function ticks(low, high, most) {
      var span = high - low, power = Math.pow(10, Math.floor(Math.log10(span / most))), by = [1, 2, 5, 10].map(function (k) { return k * power; }).filter(function (k) { return span / k <= most; })[0], found = [], v;
      for (v = Math.ceil(low / by) * by; v <= high + 1e-6; v += by) { found.push(v); }
      return found;
    }

    function placeAt(s, f) { var t = s / (f || rows.frame).long; return L.latLng(line[0].lat + (line[1].lat - line[0].lat) * t, line[0].lng + (line[1].lng - line[0].lng) * t); }

    function draw() {
      if (box.hidden || !line) { return; }
      ask();
      rows = gather();
      if (!isFinite(rows.low)) { rows.low = 0; rows.high = 1; }
      var most = Math.max(120, Math.round(map.getSize().y * (at("section-large").checked ? 0.66 : 0.34)));
      area = figure(at("section-canvas"), box.clientWidth - 20, most, window.devicePixelRatio || 1, parseFloat(getComputedStyle(box).fontSize) * 0.85);
      told();
      at("section-legend").textContent = "";
      keys().forEach(function (key) { at("section-legend").appendChild(key); });
      document.documentElement.setAttribute("data-section", rows.stopes.length + ":" + rows.holes.length + ":" + rows.samples.length);
    }

    /* Draws the rows on a canvas of a width and of a height at most; returns where they lie on it. */
    function figure(canvas, wide, most, fine, letters) {
      var f = rows.frame, room = wide - PAD.left - PAD.right;
      var scale = Math.min(room / f.long, (most - PAD.top - PAD.bottom) / Math.max(1, rows.high - rows.low)), high = Math.round((rows.high - rows.low) * scale) + PAD.top + PAD.bottom;
      var left = PAD.left + (room - f.long * scale) / 2;
      canvas.width = Math.round(wide * fine);
      canvas.height = Math.round(high * fine);
      canvas.style.width = wide + "px";
      canvas.style.height = high + "px";
      var pen = canvas.getContext("2d");
      pen.setTransform(fine, 0, 0, fine, 0, 0);
      pen.clearRect(0, 0, wide, high);
      function x(s) { return left + s * scale; }
      function y(z) { return PAD.top + (rows.high - z) * scale; }
      if (benches && benches.codes()) { blocks(pen, x, y, scale, fine); }
      pen.save();
      pen.beginPath();
      pen.rect(x(0), 0, f.long * scale, high);
      pen.clip();
      rows.stopes.forEach(function (one) {
        var fill = stopes.classes[one.feature["class"]].symbol.fill;
        pen.beginPath();
        one.outline.forEach(function (p, i) { if (i) { pen.lineTo(x(p[0]), y(p[1])); } else { pen.moveTo(x(p[0]), y(p[1])); } });
        pen.closePath();
        pen.globalAlpha = 0.55;
        if (fill) { pen.fillStyle = fill; pen.fill(); }
        pen.globalAlpha = 1;
        pen.strokeStyle = INK;
        pen.lineWidth = 1.2;
        pen.lineJoin = "round";
        pen.stroke();
      });
      rows.holes.forEach(function (hole) {
        [["#fff", 3], [INK, 1.2]].forEach(function (ink) {
          pen.strokeStyle = ink[0];
          pen.lineWidth = ink[1];
          pen.beginPath();
          hole.parts.forEach(function (p) { pen.moveTo(x(p[0]), y(p[1])); pen.lineTo(x(p[2]), y(p[3])); });
          pen.stroke();
        });
      });
      /* A sample is some metres long; where these are small on the screen, so is its dot. */
      var dot = Math.min(3.2, Math.max(1.3, scale * 1.6));
      rows.samples.forEach(function (one) {
        pen.beginPath();
        pen.arc(x(one.s), y(one.z), dot, 0, 7);
        pen.fillStyle = one.fill;
        pen.fill();
        if (dot > 1.7) { pen.lineWidth = 0.6; pen.strokeStyle = INK; pen.stroke(); }
      });
      pen.lineJoin = "miter";
      rows.ground.forEach(function (run) { stroke(pen, run.map(function (p) { return [x(p[0]), y(p[1])]; }), GROUND); });
      pitLines().forEach(function (run) { stroke(pen, run.map(function (p) { return [x(p[0]), y(p[1])]; }), PIT); });
      pen.restore();
      axes(pen, x, y, { wide: wide, high: high, scale: scale, letters: letters });
      return { left: left, scale: scale, top: PAD.top, z: function (py) { return rows.high - (py - PAD.top) / scale; } };
    }

    function stroke(pen, points, ink) {
      [["#fff", ink.width + 2, []], [ink.colour, ink.width, ink.dash]].forEach(function (one) {
        pen.strokeStyle = one[0];
        pen.lineWidth = one[1];
        pen.setLineDash(one[2]);
        pen.beginPath();
        points.forEach(function (p, i) { if (i) { pen.lineTo(p[0], p[1]); } else { pen.moveTo(p[0], p[1]); } });
        pen.stroke();
      });
      pen.setLineDash([]);
    }

    /* Floors of neighbouring columns, joined by upright faces; at its ends a pit rises to its crest. */
    function pitLines() {
      var found = [], run = null, before = null;
      rows.pit.forEach(function (one) {
        if (one.floor !== null) {
          if (!run) { run = one.from > 0 ? [[one.from, one.top]] : []; found.push(run); }
          run.push([one.from, one.floor], [one.to, one.floor]);
        } else if (run) { run.push([before.to, before.top]); run = null; }
        before = one;
      });
      return found;
    }

    function keys() {
      var made = [];
      function key(picture, text) {
        var item = document.createElement("li"), chip = document.createElement("canvas"), pen;
        chip.width = 52; chip.height = 24; chip.style.width = "26px"; chip.style.height = "12px"; chip.setAttribute("aria-hidden", "true");
        pen = chip.getContext("2d");
        pen.setTransform(2, 0, 0, 2, 0, 0);
        picture(pen);
        item.appendChild(chip);
        item.appendChild(document.createTextNode(" " + text));
        made.push(item);
      }
      function across(ink) { return function (pen) { stroke(pen, [[1, 6], [25, 6]], ink); }; }
      if (rows.stopes.length) { key(function (pen) { pen.lineWidth = 1.2; pen.strokeStyle = INK; pen.strokeRect(5, 1.5, 16, 9); }, say("stope, in the colour of its grade")); }
      if (rows.holes.length) { key(across({ colour: INK, width: 1.2, dash: [] }), say("drillhole")); }
      if (rows.samples.length) { key(function (pen) { pen.beginPath(); pen.arc(13, 6, 3.2, 0, 7); pen.fillStyle = "#22a884"; pen.fill(); pen.lineWidth = 0.6; pen.stroke(); }, say("sample, in the colour of its grade")); }
      if (rows.ground.length) { key(across(GROUND), say("ground, from cells of {0} m", anzobWords.plain(under.ground.cell_m))); }
      if (pitLines().length) { key(across(PIT), say("pit as optimised, columns of blocks, no design")); }
      return made;
    }

    function blocks(pen, x, y, scale, fine) {
      var long = rows.frame.long, model = benches.model, columns = Math.min(4000, Math.max(1, Math.round(long * scale * fine))), from = 0, before = -2, i, cell;
      function strip(to) {
        if (before < 0) { return; }
        model.benches.forEach(function (one, k) {
          var ink = benches.ink(k, before);
          if (ink) { pen.fillStyle = ink; pen.fillRect(x(from * long / columns), y(one.high), (to - from) * long / columns * scale + 0.3, (one.high - one.low) * scale + 0.3); }
        });
      }
      for (i = 0; i <= columns; i += 1) {
        cell = i < columns ? benches.cell(placeAt((i + 0.5) * long / columns)) : -3;
        if (cell !== before) { strip(i); from = i; before = cell; }
      }
    }

    function axes(pen, x, y, sheet) {
      var f = rows.frame, names = [], taken = -99, high = sheet.high, scale = sheet.scale;
      pen.strokeStyle = "#6b7280";
      pen.lineWidth = 1;
      pen.strokeRect(x(0), y(rows.high), f.long * scale, (rows.high - rows.low) * scale);
      pen.fillStyle = INK;
      pen.font = sheet.letters + "px system-ui, sans-serif";
      pen.textAlign = "right";
      ticks(rows.low, rows.high, Math.max(2, (rows.high - rows.low) * scale / 26)).forEach(function (z) { pen.fillText(String(Math.round(z)), x(0) - 6, y(z) + 4); pen.fillRect(x(0) - 4, y(z), 4, 1); });
      pen.textAlign = "center";
      ticks(0, f.long, Math.max(2, f.long * scale / 60)).forEach(function (s) { pen.fillText(String(Math.round(s)), x(s), y(rows.low) + 15); pen.fillRect(x(s), y(rows.low), 1, 4); });
      pen.textAlign = "left";
      pen.fillText(say("Elevation, m"), 4, 12);
      pen.textAlign = "center";
      pen.fillText(say("Metres from A"), x(f.long / 2), high - 4);
      pen.font = "bold " + pen.font;
      pen.fillText("A", x(0), y(rows.high) - 6);
      pen.fillText("B", x(f.long), y(rows.high) - 6);
      pen.font = pen.font.replace("bold ", "");
      rows.holes.forEach(function (hole) { names.push({ name: hole.name, x: x(hole.parts[0][0]) }); });
      names.sort(function (a, b) { return a.x - b.x; }).forEach(function (one) {
        var half = pen.measureText(one.name).width / 2;
        if (one.x - half < taken + 4 || one.x - half < x(0) + 12 || one.x + half > x(f.long) - 12) { return; }
        pen.fillText(one.name, one.x, y(rows.high) - 6);
        taken = one.x + half;
      });
    }

    function sentences() {
      var way = tools.geodesic(line[0], line[1]);
      var said = [say("From A to B {0}, bearing {1}°, seen from its right side; height as length.", tools.metres(way.metres), way.bearing.toFixed(0))];
      if (stopes) { said.push(say("{0} stopes cut.", rows.stopes.length)); }
      if (rows.upright) { said.push(say("{0} of them as upright boxes of their level: the dip of their walls is not known.", rows.upright)); }
      if (traces) { said.push(say("{0} holes and {1} samples within {2} m.", rows.holes.length, rows.samples.length, width)); }
      if (under.ground && nets.ground) { said.push(rows.ground.length ? say("Elevations of the ground count from: {0}.", tools.plainOf(under.ground.datum)) : say("The ground is not known along this line.")); }
      return said;
    }
    function told() {
      var said = sentences();
      tools.sentences(at("section-said"), said);
      at("section-canvas").setAttribute("aria-label", said.join(" "));
      drawn.clearLayers();
      L.polyline(line, { pane: "section-line", color: "#fff", weight: 6, opacity: 0.9, interactive: false }).addTo(drawn);
      L.polyline(line, { pane: "section-line", color: "#1b1f24", weight: 2.5, interactive: false }).addTo(drawn);
      ["A", "B"].forEach(function (name, i) { L.marker(line[i], { pane: "section-line", interactive: false, keyboard: false, icon: L.divIcon({ className: "section-end", html: name, iconSize: [20, 20] }) }).addTo(drawn); });
    }

    function value(event) {
      if (!rows) { return; }
      var r = at("section-canvas").getBoundingClientRect(), s = (event.clientX - r.left - area.left) / area.scale, z = area.z(event.clientY - r.top), said;
      if (s < 0 || s > rows.frame.long || z < rows.low || z > rows.high) { at("section-value").textContent = ""; return; }
      said = [say("{0} m from A, elevation {1} m", Math.round(s), Math.round(z))];
      if (benches && benches.codes()) { said.push(benches.told(placeAt(s), z)); }
      var stope = rows.stopes.filter(function (one) { return anzobCuts.inside(one.outline, s, z); })[0], ground = nets.ground ? nets.ground.between(placeAt(s)) : null;
      var pit = nets.pit ? nets.pit.number(nets.pit.index(placeAt(s)), 0) : null;
      if (stope) { said.push(tools.plainOf(stope.feature.name)); }
      if (ground !== null) { said.push(say("ground at {0} m", anzobWords.fixed(ground, 1))); }
      if (pit !== null) { said.push(say("floor of the pit at {0} m", anzobWords.fixed(pit, 1))); }
      at("section-value").textContent = said.join("; ");
    }

    /* ---- handling ------------------------------------------------------------------------ */

    function fits(ends) { var far = tools.geodesic(ends[0], ends[1]).metres; return far >= SHORTEST && far <= LONGEST; }
    function changed() { names(); draw(); document.dispatchEvent(new Event("anzob-state")); }
    function names() {
      at("section-back").textContent = "◀ " + String(step()) + " " + say("m");
      at("section-on").textContent = String(step()) + " " + say("m") + " ▶";
      at("section-back").setAttribute("aria-label", say("Move the section back by {0} m", step()));
      at("section-on").setAttribute("aria-label", say("Move the section on by {0} m", step()));
    }
    var button = tools.toolButton(bar, say("Section"), "section", function (on) {
      box.hidden = !on;
      map.getContainer().classList.toggle("with-section", on);
      if (on && !line) { opening(); }
      if (!on) { drawn.clearLayers(); tools.pick(map, null); }
      changed();
    });
    at("section-close").addEventListener("click", function () { button.set(false); button.focus(); });
    at("section-back").addEventListener("click", function () { moved(-step()); changed(); });
    at("section-on").addEventListener("click", function () { moved(step()); changed(); });
    at("section-turn").addEventListener("click", function () { turned(-Math.PI / 12); changed(); });
    at("section-width").addEventListener("change", function () { width = Number(this.value); changed(); });
    at("section-large").addEventListener("change", draw);
    at("section-draw").addEventListener("click", function () {
      var first = null;
      box.classList.add("drawing");
      at("section-said").textContent = say("Choose where the section begins, then where it ends; by key: Enter at the cross, Escape to leave.");
      tools.pick(map, { add: function (point) {
        if (!first) { first = point; drawn.clearLayers(); L.circleMarker(point, { pane: "section-line", radius: 5, color: INK, interactive: false }).addTo(drawn); return; }
        if (!fits([first, point])) { return; }
        line = [first, point];
        tools.pick(map, null);
        changed();
      }, ended: function () { box.classList.remove("drawing"); draw(); } });
    });
    ["pointermove", "pointerdown"].forEach(function (name) { at("section-canvas").addEventListener(name, value); });
    map.on("resize", draw);
    document.addEventListener("anzob-blocks", draw);
    names();

    anzobSections.state = function () {
      if (box.hidden || !line) { return {}; }
      return { s: [line[0].lat, line[0].lng, line[1].lat, line[1].lng].map(function (v) { return v.toFixed(6); }).concat(width).join(",") };
    };
    anzobSections.restore = function (told) {
      var v = (told.s || "").split(",").map(Number);
      if (v.length !== 5 || !v.every(isFinite) || Math.abs(v[0]) > 85 || Math.abs(v[2]) > 85 || Math.abs(v[1]) > 540 || WIDTHS.indexOf(v[4]) < 0) { button.set(false); return; }
      var wanted = [L.latLng(v[0], v[1]), L.latLng(v[2], v[3])];
      if (!fits(wanted)) { button.set(false); return; }
      line = wanted;
      width = v[4];
      at("section-width").value = width;
      if (box.hidden) { button.set(true); } else { changed(); }
    };
    /* The open section for a sheet of paper: picture, legend, words; null when none is open. */
    anzobSections.sheet = function (wide, most) {
      if (box.hidden || !line) { return null; }
      var made = document.createElement("section"), canvas = document.createElement("canvas"), list = document.createElement("ul");
      made.id = "paper-section";
      var head = document.createElement("h2"), said = document.createElement("p");
      head.textContent = say("Vertical section from A to B");
      figure(canvas, wide, most, 2, 11);
      list.className = "keys";
      keys().forEach(function (key) { list.appendChild(key); });
      said.className = "note";
      tools.sentences(said, [say("A: {0}", place(line[0])), say("B: {0}", place(line[1]))].concat(sentences(), say("No vertical exaggeration.")));
      [head, canvas, list, said].forEach(function (part) { made.appendChild(part); });
      return made;
    };
    function place(p) {
      var grid = data.grid, m, found = anzobWords.fixed(Math.abs(p.lat), 5) + "° " + say(p.lat < 0 ? "S" : "N") + ", " + anzobWords.fixed(Math.abs(p.lng), 5) + "° " + say(p.lng < 0 ? "W" : "E") + " (WGS 84)";
      if (!grid || Math.abs(p.lng - (grid.zone * 6 - 183)) >= 9) { return found + "."; }
      m = anzobMap.utm(p, grid);
      return found + "; " + say("E {0} m, N {1} m", anzobWords.grouped(Math.round(m.easting)), anzobWords.grouped(Math.round(m.northing))) + " (" + tools.plainOf(grid.name) + ").";
    }
    anzobSections.rows = function () { return rows; };
    anzobSections.cut = function (a, b) { line = [L.latLng(a), L.latLng(b)]; button.set(true); changed(); };
  }

  return { start: start, state: function () { return {}; }, restore: function () {} };
})();
