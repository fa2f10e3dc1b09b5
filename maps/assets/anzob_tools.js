/* The tools of the map page of anzob: search, measuring, link to what is shown, print of the map.
   Names come as escaped HTML and are shown as text; nothing of an address is ever written as HTML. */
"use strict";
var anzobTools = (function () {
  var say = anzobWords.say, ELLIPSOID = { a: 6378137, f: 1 / 298.257223563 };

  function element(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text) { made.textContent = text; }
    return made;
  }
  function plainOf(html) { return (new DOMParser().parseFromString(html || "", "text/html")).body.textContent; }

  /* Sentences one by one, so that each is found by who translates them. */
  function sentences(at, said) {
    at.textContent = "";
    said.forEach(function (one) { at.appendChild(element("span", { "class": "sentence" }, one)); at.appendChild(document.createTextNode(" ")); });
  }

  /* ---- lengths and areas on the ellipsoid ---------------------------------------------- */

  /* Vincenty's inverse solution: metres and bearing of the shortest way between two points. */
  function geodesic(p, q) {
    var rad = Math.PI / 180, f = ELLIPSOID.f, b = ELLIPSOID.a * (1 - f), dl = (q.lng - p.lng) * rad, l = dl, i;
    var u1 = Math.atan((1 - f) * Math.tan(p.lat * rad)), u2 = Math.atan((1 - f) * Math.tan(q.lat * rad));
    var s1 = Math.sin(u1), c1 = Math.cos(u1), s2 = Math.sin(u2), c2 = Math.cos(u2), sl, cl, ss, cs, sg, sa, c2a, cm, before;
    for (i = 0; i < 100; i += 1) {
      sl = Math.sin(l); cl = Math.cos(l);
      ss = Math.sqrt(Math.pow(c2 * sl, 2) + Math.pow(c1 * s2 - s1 * c2 * cl, 2));
      if (ss === 0) { return { metres: 0, bearing: 0 }; }
      cs = s1 * s2 + c1 * c2 * cl; sg = Math.atan2(ss, cs); sa = c1 * c2 * sl / ss; c2a = 1 - sa * sa;
      cm = c2a ? cs - 2 * s1 * s2 / c2a : 0;
      var C = f / 16 * c2a * (4 + f * (4 - 3 * c2a));
      before = l;
      l = dl + (1 - C) * f * sa * (sg + C * ss * (cm + C * cs * (2 * cm * cm - 1)));
      if (Math.abs(l - before) < 1e-12) { break; }
    }
    var us = c2a * (Math.pow(ELLIPSOID.a / b, 2) - 1), A = 1 + us / 16384 * (4096 + us * (us * (320 - 175 * us) - 768));
    var B = us / 1024 * (256 + us * (us * (74 - 47 * us) - 128));
    var ds = B * ss * (cm + B / 4 * (cs * (2 * cm * cm - 1) - B / 6 * cm * (4 * ss * ss - 3) * (4 * cm * cm - 3)));
    return { metres: b * A * (sg - ds), bearing: (Math.atan2(c2 * sl, c1 * s2 - s1 * c2 * cl) / rad + 360) % 360 };
  }

  /* Metres on a plane that touches the ellipsoid along the meridian of the middle. */
  function plane(at, middle) {
    var zone = (middle + 183) / 6, m = anzobMap.utm(at, { zone: zone, south: false });
    return { x: (m.easting - 500000) / 0.9996, y: m.northing / 0.9996 };
  }

  function area(points) {
    var middle = points.reduce(function (sum, p) { return sum + p.lng; }, 0) / points.length;
    var flat = points.map(function (p) { return plane(p, middle); }), sum = 0;
    flat.forEach(function (p, i) { var q = flat[(i + 1) % flat.length]; sum += p.x * q.y - q.x * p.y; });
    return Math.abs(sum) / 2;
  }

  function length(points) {
    return points.reduce(function (sum, p, i) { return sum + (i ? geodesic(points[i - 1], p).metres : 0); }, 0);
  }

  function metres(value) {
    return value < 1e4 ? anzobWords.grouped(value, value < 100 ? 1 : 0) + " " + say("m") : anzobWords.grouped(value / 1000, 2) + " " + say("km");
  }
  function squares(value) {
    var ha = value < 1e7 ? anzobWords.figures(value / 1e4, 4) + " " + say("ha") : anzobWords.figures(value / 1e6, 4) + " " + say("km²");
    return value < 1e6 ? anzobWords.grouped(value, 0) + " " + say("m²") + " (" + ha + ")" : ha;
  }

  /* Points set by a click or, by key, at the cross in the middle of the map; one tool at a time. */
  var picking = null;
  function pick(map, wanted) {
    if (picking) { picking.end(); }
    if (!wanted) { return; }
    var box = map.getContainer(), cross = element("div", { "class": "cross", "aria-hidden": "true" });
    function stop(event) {
      /* A shape under the cursor must not open: the click is a point of the line. */
      if (event.target.closest(".leaflet-control-container, .leaflet-popup")) { return; }
      if (event.type === "click") { wanted.add(map.mouseEventToLatLng(event)); }
      event.stopPropagation();
    }
    function key(event) {
      if (event.key === "Escape") { picking.end(); event.stopPropagation(); return; }
      if (event.target.closest(".leaflet-control-container")) { return; }
      if (event.key === "Enter") { wanted.add(map.getCenter()); event.stopPropagation(); event.preventDefault(); }
      if (event.key === "Backspace" && wanted.back) { wanted.back(); event.preventDefault(); }
    }
    box.appendChild(cross);
    box.classList.add("picking");
    box.addEventListener("click", stop, true);
    box.addEventListener("keydown", key, true);
    picking = { end: function () {
      box.removeEventListener("click", stop, true);
      box.removeEventListener("keydown", key, true);
      box.classList.remove("picking");
      cross.remove();
      picking = null;
      if (wanted.ended) { wanted.ended(); }
    } };
    box.focus({ preventScroll: true });
  }

  /* ---- measuring ----------------------------------------------------------------------- */

  function measuring(map, bar) {
    var points = [], drawn = L.layerGroup().addTo(map), box = element("div", { id: "measure", "class": "tool-box", hidden: "" });
    map.createPane("measure").style.zIndex = 640;
    map.getPane("measure").style.pointerEvents = "none";
    box.appendChild(element("p", { id: "measure-said", role: "status" }));
    var undo = element("button", { type: "button" }, say("Take back")), clear = element("button", { type: "button" }, say("Clear"));
    box.appendChild(undo);
    box.appendChild(clear);
    box.appendChild(element("p", { "class": "aside" }, say("Click on the map; by key: arrows move the map, Enter sets a point at the cross, Backspace takes it back, Escape ends. Shortest ways on the WGS 84 ellipsoid, level: no slope.")));
    function draw() {
      var said = [say("No point yet")];
      drawn.clearLayers();
      if (points.length > 1) { (points.length > 2 ? L.polygon : L.polyline)(points, { pane: "measure", color: "#1b1f24", weight: 2, dashArray: "6 4", fillOpacity: 0.12, interactive: false }).addTo(drawn); }
      points.forEach(function (p) { L.circleMarker(p, { pane: "measure", radius: 4, color: "#1b1f24", weight: 2, fillColor: "#fff", fillOpacity: 1, interactive: false }).addTo(drawn); });
      if (points.length === 1) { said = [say("1 point")]; }
      if (points.length > 1) {
        var last = geodesic(points[points.length - 2], points[points.length - 1]);
        said = [say("Distance {0}; last leg {1}, bearing {2}°", metres(length(points)), metres(last.metres), anzobWords.fixed(last.bearing, 1))];
        if (points.length > 2) { said.push(say("Area {0}, around it {1}", squares(area(points)), metres(length(points.concat([points[0]]))))); }
      }
      sentences(box.firstChild, said);
    }
    function back() { points.pop(); draw(); }
    undo.addEventListener("click", back);
    clear.addEventListener("click", function () { points = []; draw(); });
    var button = toolButton(bar, say("Measure"), "measure", function (on) {
      box.hidden = !on;
      if (!on) { points = []; }
      draw();
      pick(map, on ? { add: function (at) { points.push(at); draw(); }, back: back, ended: function () { button.set(false); } } : null);
    });
    bar.parentNode.appendChild(box);
  }

  function toolButton(bar, text, id, toggle) {
    var made = element("button", { type: "button", id: "tool-" + id, "aria-pressed": "false" }, text), busy = false;
    made.set = function (on) {
      if (busy || (made.getAttribute("aria-pressed") === "true") === on) { return; }
      busy = true;
      made.setAttribute("aria-pressed", String(on));
      toggle(on);
      busy = false;
    };
    made.addEventListener("click", function () { made.set(made.getAttribute("aria-pressed") !== "true"); });
    bar.appendChild(made);
    return made;
  }

  /* ---- search -------------------------------------------------------------------------- */

  /* Names read alike whatever their case, their accents, and whether blank, hyphen or line parts them. */
  function bare(text) { return text.toLocaleLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[\s_\-\u2010-\u2015/]+/g, " ").trim(); }

  function everyName(layers) {
    var found = [], collars = layers.filter(function (one) { return one.name === "collars"; })[0], seen = {};
    (collars ? collars.features : []).forEach(function (one) { seen[bare(plainOf(one.label || one.name))] = true; });
    layers.forEach(function (layer) {
      /* A sample has the name of its hole; the hole itself is found by its collar. */
      if (layer.name === "composites") { return; }
      layer.features.forEach(function (feature, i) {
        var name = plainOf(feature.label || feature.name), key = bare(name);
        if (!key) { return; }
        if (layer.name === "drillhole_traces" && seen[key]) { return; }
        found.push({ name: name, key: key, of: plainOf(layer.title), layer: layer, place: i, full: plainOf(feature.name) });
      });
    });
    return found;
  }

  function asked(names) {
    function any(layer) { return names.some(function (one) { return one.layer.name === layer; }); }
    var holes = any("collars") || any("drillhole_traces"), stopes = any("stopes");
    if (holes && stopes) { return say("Find a hole, stope or place"); }
    if (holes) { return say("Find a hole or place"); }
    if (stopes) { return say("Find a stope or place"); }
    return any("deposits") || any("plants") ? say("Find a deposit, plant or place") : say("Find a place");
  }

  function matching(names, asked) {
    var key = bare(asked);
    if (!key) { return []; }
    function rank(one) { return one.key === key ? 0 : one.key.indexOf(key) === 0 ? 1 : one.key.indexOf(" " + key) >= 0 ? 2 : 3; }
    return names.filter(function (one) { return one.key.indexOf(key) >= 0; })
      .map(function (one, i) { return { one: one, rank: rank(one), i: i }; })
      .sort(function (a, b) { return a.rank - b.rank || a.i - b.i; }).map(function (x) { return x.one; });
  }

  function goTo(map, groups, one) {
    var layer = one.layer, feature = layer.features[one.place], group = groups[layer.name];
    group.fill();
    var box = document.querySelector('#layer-list input[data-key="' + layer.name + '"]');
    var part = group.parts.filter(function (p) { return p.feature === feature; })[0];
    var own = group[feature["class"]];
    if (!map.hasLayer(own)) { if (box) { box.click(); } if (!map.hasLayer(own)) { map.addLayer(own); } }
    if (feature.level !== undefined && feature.level >= 0 && window.anzobLevels.choose) { window.anzobLevels.choose(feature.level); }
    var bounds = part.drawn.getBounds(), zoom = Math.min(map.getBoundsZoom(bounds.pad(1.5)), 17);
    map.setView(bounds.getCenter(), Math.max(zoom, map.getZoom() < 14 && bounds.isValid() && bounds.getNorthEast().equals(bounds.getSouthWest()) ? 13 : Math.min(zoom, map.getZoom())), { animate: false });
    part.drawn.eachLayer(function (drawn) { if (drawn._map) { drawn.fire("click", { latlng: bounds.getCenter() }); if (!drawn.isPopupOpen()) { drawn.openPopup(); } } });
    document.documentElement.setAttribute("data-found", one.name);
  }

  function searching(map, layers, groups, host) {
    var names = everyName(layers), box = element("div", { "class": "search", role: "search" }), shown = [], chosen = -1;
    if (!names.length) { return; }
    var asks = asked(names);
    var input = element("input", { type: "text", id: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "search-list", "aria-autocomplete": "list",
      autocomplete: "off", spellcheck: "false", placeholder: asks, "aria-label": asks });
    var list = element("ul", { id: "search-list", role: "listbox", "aria-label": say("Found"), hidden: "" });
    var told = element("p", { id: "search-said", role: "status", "class": "unseen" });
    function close() { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); chosen = -1; }
    function mark(n) {
      chosen = n;
      [].forEach.call(list.children, function (line, i) { line.setAttribute("aria-selected", String(i === n)); });
      if (n >= 0) { input.setAttribute("aria-activedescendant", "found-" + n); list.children[n].scrollIntoView({ block: "nearest" }); }
    }
    function take(n) { var one = shown[n]; if (!one) { return; } input.value = one.name; close(); goTo(map, groups, one); }
    function fill() {
      var found = matching(names, input.value);
      shown = found.slice(0, 8);
      list.textContent = "";
      shown.forEach(function (one, i) {
        var line = element("li", { role: "option", id: "found-" + i, "aria-selected": "false" }, one.name);
        line.appendChild(element("small", {}, one.of));
        line.addEventListener("pointerdown", function (event) { event.preventDefault(); });
        line.addEventListener("click", function () { take(i); });
        list.appendChild(line);
      });
      if (input.value.trim() && !shown.length) { list.appendChild(element("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, say("Nothing of that name"))); }
      told.textContent = input.value.trim() ? say("{0} found", found.length) : "";
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      mark(shown.length ? 0 : -1);
    }
    input.addEventListener("input", fill);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      event.stopPropagation();
      if (event.key === "ArrowDown" && shown.length) { if (list.hidden) { fill(); } else { mark((chosen + 1) % shown.length); } event.preventDefault(); }
      if (event.key === "ArrowUp" && shown.length) { mark((chosen - 1 + shown.length) % shown.length); event.preventDefault(); }
      if (event.key === "Enter") { take(Math.max(chosen, 0)); event.preventDefault(); }
      if (event.key === "Escape") { close(); }
    });
    box.appendChild(input);
    box.appendChild(list);
    box.appendChild(told);
    host.appendChild(box);
  }

  /* ---- link to what is shown ------------------------------------------------------------ */

  function layerStates() {
    return [].slice.call(document.querySelectorAll("#layer-list .layer input[data-key]")).filter(function (box) {
      /* A layer of one class has no boxes of classes; of others the classes say it all. */
      return box.closest(".classes") || !box.closest(".layer").querySelector(".classes");
    });
  }

  function linking(map, bar) {
    var timer = null, own = null, opened = layerStates().map(function (box) { return box.checked; });
    var parts = [window.anzobBenches, window.anzobLevels, window.anzobPit, window.anzobSections].filter(function (one) { return one && one.state; });
    function written() {
      var c = map.getCenter(), said = ["v=" + c.lat.toFixed(6) + "," + c.lng.toFixed(6) + "," + Number(map.getZoom().toFixed(2))];
      var changed = layerStates().filter(function (box, i) { return box.checked !== opened[i]; }).map(function (box) { return encodeURIComponent(box.dataset.key); });
      if (changed.length) { said.push("l=" + changed.join(",")); }
      parts.forEach(function (one) { var state = one.state(); Object.keys(state).forEach(function (key) { said.push(key + "=" + encodeURIComponent(state[key])); }); });
      return "#" + said.join("&");
    }
    function save() {
      clearTimeout(timer);
      timer = setTimeout(function () {
        own = written();
        try { history.replaceState(null, "", own); } catch (error) { location.replace(own); }
        document.documentElement.setAttribute("data-linked", own);
      }, 150);
    }
    function read() {
      var told = {};
      location.hash.slice(1).split("&").forEach(function (pair) {
        var at = pair.indexOf("=");
        try { if (at > 0) { told[pair.slice(0, at)] = decodeURIComponent(pair.slice(at + 1)); } } catch (error) { /* a broken link opens the map as it is */ }
      });
      return told;
    }
    function apply() {
      var told = read(), view = (told.v || "").split(",").map(Number);
      /* A link inside the page, such as the one that skips to the layers, says nothing of the view. */
      if (!location.hash || location.hash === own || !Object.keys(told).length) { return; }
      var changed = (told.l || "").split(",");
      layerStates().forEach(function (box, i) {
        var wanted = changed.indexOf(box.dataset.key) >= 0 ? !opened[i] : opened[i];
        if (box.checked !== wanted) { box.click(); }
      });
      parts.forEach(function (one) { one.restore(told); });
      if (view.length === 3 && view.every(isFinite) && Math.abs(view[0]) <= 85 && Math.abs(view[1]) <= 540 && view[2] >= 0 && view[2] <= 24) { map.setView([view[0], view[1]], view[2], { animate: false }); }
    }
    window.addEventListener("hashchange", function () { apply(); save(); });
    var button = element("button", { type: "button", id: "tool-link" }, say("Copy link")), field = element("input", { id: "link", readonly: "", hidden: "", "aria-label": say("Link to this view") });
    var told = element("span", { role: "status", id: "link-said", "class": "said" });
    button.addEventListener("click", function () {
      own = written();
      var address = location.href.split("#")[0] + own;
      field.value = address;
      try { history.replaceState(null, "", own); } catch (error) { location.replace(own); }
      function byHand() { field.hidden = false; field.select(); told.textContent = say("Copy this address"); }
      if (navigator.clipboard && navigator.clipboard.writeText) {
        navigator.clipboard.writeText(address).then(function () { told.textContent = say("Link copied"); setTimeout(function () { told.textContent = ""; }, 4000); }, byHand);
      } else { byHand(); }
    });
    bar.appendChild(button);
    bar.parentNode.appendChild(field);
    bar.parentNode.appendChild(told);
    apply();
    map.on("moveend", save);
    document.addEventListener("input", save);
    document.addEventListener("change", save);
    document.addEventListener("anzob-state", save);
  }

  /* ---- the map on paper ----------------------------------------------------------------- */

  function scaleOf(map) {
    var size = map.getSize(), y = size.y / 2, a = map.containerPointToLatLng([size.x / 2 - 50, y]), b = map.containerPointToLatLng([size.x / 2 + 50, y]);
    return geodesic(a, b).metres / (100 * 0.0254 / 96);
  }

  function blocksOf(made, withBench) {
    var blocks = document.getElementById("bench-on"), field = document.getElementById("bench-field");
    if (!blocks || !blocks.checked) { return; }
    made.appendChild(element("h3", {}, field.options[field.selectedIndex].text));
    if (withBench) { made.appendChild(element("p", { "class": "note" }, document.getElementById("bench-name").textContent)); }
    var classes = document.getElementById("bench-legend").cloneNode(true);
    classes.removeAttribute("id");
    made.appendChild(classes);
  }

  /* The open section on a second sheet, under the banner and over the foot of the first. */
  function sectionSheet() {
    var drawn = window.anzobSections && anzobSections.sheet ? anzobSections.sheet(860, 450) : null;
    if (!drawn) { return null; }
    var made = element("div", { id: "paper-two" }), row = element("div", { "class": "paper-row" }), legend = element("div", { "class": "paper-legend" });
    function again(selector) { var one = document.querySelector(selector); if (one) { made.appendChild(one.cloneNode(true)); } }
    again("body > .synthetic");
    blocksOf(legend, false);
    row.appendChild(drawn);
    row.appendChild(legend);
    made.appendChild(row);
    again("body > .disclaimer");
    return made;
  }

  function legendOf() {
    var made = element("div", { "class": "paper-legend" });
    [].forEach.call(document.querySelectorAll("#layer-list .layer"), function (block) {
      var on = [].filter.call(block.querySelectorAll(":scope > label input, .classes input"), function (box) { return box.checked; });
      if (!on.length && !block.querySelector("input:indeterminate")) { return; }
      var copy = block.cloneNode(true);
      /* A clone does not bring along what is checked. */
      [].forEach.call(copy.querySelectorAll(".classes label"), function (line, i) {
        if (!block.querySelectorAll(".classes input")[i].checked) { line.hidden = true; }
      });
      [].forEach.call(copy.querySelectorAll("input"), function (box) { box.remove(); });
      made.appendChild(copy);
    });
    blocksOf(made, true);
    var level = document.getElementById("level-name");
    if (level) { made.appendChild(element("p", { "class": "note" }, level.textContent)); }
    return made;
  }

  function sheet(map, data) {
    var made = element("aside", { id: "paper" }), paper = data.paper || {};
    made.appendChild(element("h2", {}, plainOf(document.querySelector("h1") ? document.querySelector("h1").innerHTML : document.title)));
    var north = element("p", { "class": "north" });
    north.innerHTML = '<svg width="30" height="44" viewBox="0 0 30 44" aria-hidden="true"><path d="M15 2L25 42L15 33L5 42z" fill="#1b1f24"/><path d="M15 2L15 33L5 42z" fill="#fff" stroke="#1b1f24"/></svg>';
    var ratio = scaleOf(map);
    north.appendChild(element("span", {}, say("True north. Scale about 1 : {0} when printed on A4 at 100 %; trust the bar.", anzobWords.figures(ratio, 2))));
    made.appendChild(north);
    made.appendChild(element("p", { "class": "made" }, plainOf([paper.stamp, paper.crs].filter(Boolean).join(" · "))));
    made.appendChild(element("h3", {}, say("Legend")));
    made.appendChild(legendOf());
    if ((paper.sources || []).length) {
      made.appendChild(element("h3", {}, say("Sources")));
      var list = element("ul", { "class": "remarks" });
      paper.sources.forEach(function (one) { list.appendChild(element("li", {}, plainOf(one))); });
      if (paper.more) { list.appendChild(element("li", {}, say("and {0} more on the page", paper.more))); }
      made.appendChild(list);
    }
    return made;
  }

  function printing(map, data, bar) {
    var button = element("button", { type: "button", id: "tool-print" }, say("Print map"));
    button.addEventListener("click", function () {
      openSheet(map, data);
      window.print();
    });
    bar.appendChild(button);
    window.addEventListener("afterprint", function () { closeSheet(map); });
  }

  var kept = null;
  function openSheet(map, data) {
    if (kept) { return; }
    kept = { bounds: map.getBounds(), page: element("style", {}, "@page { size: A4 landscape; margin: 8mm; @bottom-center { content: none; } }") };
    map.closePopup();
    document.body.appendChild(kept.page);
    document.body.classList.add("map-sheet");
    map.invalidateSize({ animate: false });
    map.fitBounds(kept.bounds, { animate: false });
    kept.paper = sheet(map, data);
    document.body.appendChild(kept.paper);
    /* What does not fit beside the map is written smaller, never cut off. */
    for (var size = 1; kept.paper.scrollHeight > kept.paper.clientHeight + 1 && size > 0.55; size -= 0.05) { kept.paper.style.zoom = size; }
    kept.two = sectionSheet();
    if (kept.two) { document.body.appendChild(kept.two); document.body.classList.add("two-sheets"); }
  }
  function closeSheet(map) {
    if (!kept) { return; }
    var back = kept;
    kept = null;
    back.page.remove();
    back.paper.remove();
    if (back.two) { back.two.remove(); }
    document.body.classList.remove("map-sheet", "two-sheets");
    map.invalidateSize({ animate: false });
    map.fitBounds(back.bounds, { animate: false });
  }

  function start(map, data, groups) {
    var control = L.control({ position: "topleft" }), box = element("div", { id: "tools", "class": "tools" });
    var bar = element("div", { role: "toolbar", "aria-label": say("Tools of the map"), "class": "bar" });
    searching(map, data.layers, groups, box);
    box.appendChild(bar);
    control.onAdd = function () { return box; };
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    control.addTo(map);
    measuring(map, bar);
    if (window.anzobSections) { window.anzobSections.start(map, data, groups, bar); }
    printing(map, data, bar);
    linking(map, bar);
    anzobTools.sheet = function () { openSheet(map, data); };
    anzobTools.close = function () { closeSheet(map); };
  }

  return { start: start, geodesic: geodesic, area: area, length: length, plane: plane, pick: pick, toolButton: toolButton, plainOf: plainOf, metres: metres, sentences: sentences };
})();
