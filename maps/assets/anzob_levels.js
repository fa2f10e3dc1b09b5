/* The levels of a mine on the map page of anzob: shows the stopes of one level, or of all, and the
   numbers of their sections; the bench of the block model follows the level, and the level the
   bench. Every text is escaped HTML. */
"use strict";
var anzobLevels = (function () {
  var say = anzobWords.say;
  var STEPS = [{ words: "drawn in this year", fill: "#d55e00" }, { words: "drawn before", fill: "#6b7280" }, { words: "still in the ground", fill: "#ffffff" }];

  function controls(layer, follows) {
    var box = document.createElement("section"), list = document.createElement("div"), fold = document.createElement("button");
    box.id = "level-panel";
    box.className = "layers benches-panel";
    box.setAttribute("aria-label", say("Stopes by level"));
    fold.type = "button";
    fold.innerHTML = say("Stopes by level");
    fold.setAttribute("aria-expanded", "true");
    fold.setAttribute("aria-controls", "level-list");
    list.id = "level-list";
    list.innerHTML = '<label class="stack" for="level-slider" id="level-name"></label>' +
      '<input type="range" id="level-slider" min="0" max="' + (layer.levels.length - 1) + '" step="1">' +
      '<p class="note" id="level-said" role="status"></p>' +
      '<label class="row"><input type="checkbox" id="level-all"><span>' + say("All levels at once") + '</span></label>' +
      (layer.sections ? '<label class="row"><input type="checkbox" id="section-numbers" checked><span>' + say("Numbers of sections") + '</span></label>' : "") +
      (follows ? '<p class="aside">' + say("Level and bench move together.") + '</p>' : "") +
      (layer.years ? '<div id="stope-colours"><label class="row"><input type="checkbox" id="year-colours">' +
        '<span>' + say("Colour by year of the plan, not by grade") + '</span></label><ul class="classes" id="year-legend" hidden>' +
        layer.years.classes.map(function (one) { return '<li><span class="chip" style="background:' + one.fill + '"></span>' + one.label + "</li>"; }).join("") + "</ul></div>" : "") +
      (layer.steps ? '<div id="plan-steps"><label class="row"><input type="checkbox" id="step-on"><span>' + say("Run through the years of the plan") + "</span></label>" +
        '<div id="step-list" hidden><label class="stack" for="step-slider" id="step-name"></label><input type="range" id="step-slider" min="0" max="' + (layer.steps.length - 1) + '" step="1" value="0">' +
        '<p class="note" id="step-said" role="status"></p><ul class="classes" id="step-legend">' +
        STEPS.map(function (one) { return '<li><span class="chip" style="background:' + one.fill + '"></span>' + say(one.words) + "</li>"; }).join("") + "</ul></div></div>" : "");
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

  /* A straight row of numbers beside the stopes, as many as have room; ticks point at the sections. */
  function numbers(map, rows) {
    var drawn = L.layerGroup(), shown = null, EVERY = [1, 2, 5, 10, 20, 50, 100], ROOM = 19;
    map.createPane("sections").style.zIndex = 450;
    map.getPane("sections").style.pointerEvents = "none";
    function point(at) { return map.latLngToLayerPoint(L.latLng(at)); }
    function draw() {
      var row = shown === null ? null : rows[shown];
      drawn.clearLayers();
      if (!row || !map.hasLayer(drawn)) { return; }
      var from = point(row.from), to = point(row.to), out = from.subtract(point(row.back)), n = row.last - row.first;
      var apart = n ? from.distanceTo(to) / n : ROOM, every = EVERY.filter(function (k) { return k * apart >= ROOM; })[0] || 200;
      var unit = out.divideBy(Math.max(1e-9, Math.sqrt(out.x * out.x + out.y * out.y))), k, at;
      /* Strike lies to the left of the side that the numbers are on; a flat row has its head behind it. */
      var ahead = L.point(unit.y, -unit.x), leftwards = Math.abs(ahead.x) > 0.75 ? ahead.x > 0 : unit.x < 0;
      function write(where, text, className) {
        L.marker(map.layerPointToLatLng(where), { pane: "sections", interactive: false, keyboard: false,
          icon: L.divIcon({ className: "section-number " + (className || ""), html: "<span>" + text + "</span>", iconSize: [0, 0] }) }).addTo(drawn);
      }
      var some = Math.floor(row.last / every) * every >= row.first;
      for (k = row.first; k <= row.last; k += 1) {
        if (some ? k % every : k !== row.first) { continue; }
        at = from.add(to.subtract(from).multiplyBy(n ? (k - row.first) / n : 0));
        L.polyline([at, at.add(unit.multiplyBy(7))].map(function (p) { return map.layerPointToLatLng(p); }),
          { pane: "sections", color: "#1b1f24", weight: 1, interactive: false }).addTo(drawn);
        write(at.add(unit.multiplyBy(15)), k);
      }
      write(from.add(unit.multiplyBy(15)).subtract(ahead.multiplyBy(17)), say("section number"), "head " + (leftwards ? "left" : "right"));
      setTimeout(yieldToNames, 0);
    }
    /* Names on the map come first: a number under one would make both unreadable. */
    function yieldToNames() {
      function box(node) { return node.getBoundingClientRect(); }
      var names = [].filter.call(document.querySelectorAll(".leaflet-tooltip.label"), function (n) { return n.style.visibility !== "hidden"; }).map(box);
      [].forEach.call(map.getPane("sections").querySelectorAll("span"), function (node) {
        var own = box(node);
        node.style.visibility = names.some(function (o) { return own.left < o.right && own.right > o.left && own.top < o.bottom && own.bottom > o.top; }) ? "hidden" : "";
      });
    }
    drawn.on("add", draw);
    map.on("zoomend viewreset", draw);
    map.on("moveend", function () { setTimeout(yieldToNames, 0); });
    return { layer: drawn, show: function (key) { shown = key; draw(); } };
  }

  function start(map, layers, groups) {
    var layer = layers.filter(function (one) { return one.levels; })[0];
    if (!layer) { return; }
    var benches = window.anzobBenches && window.anzobBenches.show ? window.anzobBenches : null;
    var box = controls(layer, benches), control = L.control({ position: "bottomleft" }), group = groups[layer.name];
    var state = { level: layer.opens_on, all: false }, beside = layer.sections ? numbers(map, layer.sections) : null;
    control.onAdd = function () { return box; };
    control.addTo(map);
    function at(id) { return box.querySelector("#" + id); }

    function apply() {
      group.parts.forEach(function (part) {
        var level = part.feature.level, own = group[part.feature["class"]];
        /* A stope that names no elevation is on every level: hiding it would lose it. */
        if (state.all || level < 0 || level === state.level) { own.addLayer(part.drawn); } else { own.removeLayer(part.drawn); }
      });
    }

    /* Numbers stand beside stopes that are on the map, and beside none that are not. */
    function number() {
      if (!beside) { return; }
      var wanted = at("section-numbers").checked && group.some(function (one, i) { return layer.classes[i].count && map.hasLayer(one); });
      if (wanted) { map.addLayer(beside.layer); } else { map.removeLayer(beside.layer); }
    }

    function tell() {
      var one = layer.levels[state.level], low = layer.levels[0], high = layer.levels[layer.levels.length - 1];
      at("level-name").innerHTML = state.all ? say("All levels, {0} to {1} m", anzobWords.plain(low.low), anzobWords.plain(high.high)) : one.name;
      at("level-said").innerHTML = state.all ? layer.all_levels : one.said;
      at("level-slider").value = state.level;
      at("level-slider").setAttribute("aria-valuetext", at("level-name").textContent);
      at("level-slider").classList.toggle("idle", state.all);
      at("level-all").checked = state.all;
      document.documentElement.setAttribute("data-level", state.all ? "all" : String(state.level));
      document.dispatchEvent(new Event("anzob-state"));
    }

    function show(level, all, lead) {
      state.level = level;
      state.all = all;
      map.closePopup();
      apply();
      tell();
      if (beside) { beside.show(all ? "all" : String(level)); }
      if (lead && benches) { benches.show((layer.levels[level].low + layer.levels[level].high) / 2); }
    }

    /* Parts keep the order of the features that have a shape: each carries its own class of year. */
    function colour() {
      if (layer.steps && at("step-on").checked) { stepped(); return; }
      var byYear = at("year-colours").checked;
      at("year-legend").hidden = !byYear;
      group.parts.forEach(function (part) {
        var own = byYear ? layer.years.classes[part.feature.year].fill : layer.classes[part.feature["class"]].symbol.fill;
        part.drawn.setStyle({ fillColor: own, fillOpacity: layer.classes[part.feature["class"]].symbol.opacity });
      });
      document.documentElement.setAttribute("data-stopes-by", byYear ? "year" : "grade");
    }

    /* What the year of the slider draws, what was drawn before, what still lies in the ground. */
    function stepped() {
      var step = Number(at("step-slider").value), now = 0;
      group.parts.forEach(function (part) {
        var drawn = part.feature.drawn, way = !drawn || drawn[0] > step ? 2 : drawn[1] < step ? 1 : 0;
        now += way === 0;
        part.drawn.setStyle({ fillColor: STEPS[way].fill, fillOpacity: way === 2 ? 0.25 : 0.9 });
      });
      at("step-name").innerHTML = layer.steps[step].name;
      at("step-slider").setAttribute("aria-valuetext", at("step-name").textContent);
      at("step-said").innerHTML = say("{0} stopes drawn", now) + (layer.steps[step].said ? ". " + layer.steps[step].said : "");
      document.documentElement.setAttribute("data-stopes-by", "step " + step);
    }

    if (layer.steps) {
      at("step-on").addEventListener("change", function () {
        at("step-list").hidden = !this.checked;
        if (layer.years) { at("stope-colours").hidden = this.checked; }
        if (this.checked && !state.all) { show(state.level, true, false); }
        colour();
      });
      at("step-slider").addEventListener("input", stepped);
    }

    if (layer.years) { at("year-colours").addEventListener("change", colour); }
    at("level-slider").addEventListener("input", function () { show(Number(this.value), false, true); });
    at("level-all").addEventListener("change", function () { show(state.level, this.checked, !this.checked); });
    if (beside) {
      at("section-numbers").addEventListener("change", number);
      group.forEach(function (one) { one.on("add remove", function () { setTimeout(number, 0); }); });
      number();
    }
    if (benches) {
      benches.moved = function (bench) {
        var middle = (bench.low + bench.high) / 2;
        layer.levels.forEach(function (one, i) {
          if (!state.all && i !== state.level && middle > one.low && middle <= one.high) { show(i, false, false); }
        });
      };
      document.getElementById("bench-panel").classList.add("beneath");
    }
    if (map.getSize().x < 560) { at("level-list").hidden = true; box.querySelector("button").setAttribute("aria-expanded", "false"); }
    group.filled = function () { apply(); if (layer.years) { colour(); } };
    anzobLevels.choose = function (level) { if (!state.all && level !== state.level) { show(level, false, true); } };
    anzobLevels.state = function () {
      var told = { h: state.all ? "all" : layer.levels[state.level].low };
      if (layer.years && at("year-colours").checked) { told.c = "year"; }
      if (layer.steps && at("step-on").checked) { told.y = at("step-slider").value; }
      return told;
    };
    anzobLevels.restore = function (told) {
      var level = layer.levels.findIndex(function (one) { return String(one.low) === told.h; }), y = told.y === undefined || told.y === "" ? NaN : Number(told.y);
      if (layer.years && at("year-colours").checked !== (told.c === "year")) { at("year-colours").click(); }
      if (layer.steps) {
        var on = y >= 0 && y < layer.steps.length;
        if (on) { at("step-slider").value = Math.round(y); }
        if (at("step-on").checked !== on) { at("step-on").click(); } else { colour(); }
      }
      if (told.h === "all") { show(state.level, true, false); } else if (level >= 0) { show(level, false, false); }
    };
    show(state.level, state.all, true);
  }

  return { start: start };
})();
