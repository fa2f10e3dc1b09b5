/* The levels of a mine on the map page of anzob: shows the stopes of one level, or of all; the
   bench of the block model follows the level, and the level the bench. Every text is escaped HTML. */
"use strict";
var anzobLevels = (function () {
  function controls(layer, follows) {
    var box = document.createElement("section"), list = document.createElement("div"), fold = document.createElement("button");
    box.id = "level-panel";
    box.className = "layers benches-panel";
    box.setAttribute("aria-label", "Stopes by level");
    fold.type = "button";
    fold.innerHTML = "Stopes by level";
    fold.setAttribute("aria-expanded", "true");
    fold.setAttribute("aria-controls", "level-list");
    list.id = "level-list";
    list.innerHTML = '<label class="stack" for="level-slider" id="level-name"></label>' +
      '<input type="range" id="level-slider" min="0" max="' + (layer.levels.length - 1) + '" step="1">' +
      '<p class="note" id="level-said" role="status"></p>' +
      '<label class="row"><input type="checkbox" id="level-all"><span>All levels at once</span></label>' +
      (follows ? '<p class="aside">Level and bench move together.</p>' : "");
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

  function start(map, layers, groups) {
    var layer = layers.filter(function (one) { return one.levels; })[0];
    if (!layer) { return; }
    var benches = window.anzobBenches && window.anzobBenches.show ? window.anzobBenches : null;
    var box = controls(layer, benches), control = L.control({ position: "bottomleft" }), group = groups[layer.name];
    var state = { level: layer.opens_on, all: false };
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

    function say() {
      var one = layer.levels[state.level], low = layer.levels[0], high = layer.levels[layer.levels.length - 1];
      at("level-name").innerHTML = state.all ? "All levels, " + low.low + " to " + high.high + " m" : one.name;
      at("level-said").innerHTML = state.all ? layer.all_levels : one.said;
      at("level-slider").value = state.level;
      at("level-slider").setAttribute("aria-valuetext", at("level-name").textContent);
      at("level-slider").classList.toggle("idle", state.all);
      at("level-all").checked = state.all;
      document.documentElement.setAttribute("data-level", state.all ? "all" : String(state.level));
    }

    function show(level, all, lead) {
      state.level = level;
      state.all = all;
      map.closePopup();
      apply();
      say();
      if (lead && benches) { benches.show((layer.levels[level].low + layer.levels[level].high) / 2); }
    }

    at("level-slider").addEventListener("input", function () { show(Number(this.value), false, true); });
    at("level-all").addEventListener("change", function () { show(state.level, this.checked, !this.checked); });
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
    group.filled = apply;
    show(state.level, state.all, true);
  }

  return { start: start };
})();
