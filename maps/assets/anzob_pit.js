/* The pit on the map page of anzob, year by year of its plan: what is dug in a year, before and
   later, seen from above or on one bench. Every text it receives is escaped HTML. */
"use strict";
var anzobPit = (function () {
  var say = anzobWords.say, ALL = "all";
  var STATES = [{ words: "dug in this year", fill: "#d55e00" }, { words: "dug before", fill: "#6b7280" }, { words: "dug later", fill: "#f6dca6" }, { words: "left by the plan", fill: "#ffffff" }];
  var NOW = 0, BEFORE = 1, LATER = 2, LEFT = 3;

  function controls(years, metres) {
    var box = document.createElement("section"), fold = document.createElement("button"), list = document.createElement("div"), k;
    box.id = "pit-panel";
    box.className = "layers benches-panel";
    box.setAttribute("aria-label", say("Pit by year of the plan"));
    fold.type = "button";
    fold.textContent = say("Pit by year of the plan");
    fold.setAttribute("aria-expanded", "true");
    fold.setAttribute("aria-controls", "pit-list");
    list.id = "pit-list";
    list.innerHTML = '<label class="row"><input type="checkbox" id="pit-on"><span>' + say("Run through the years of the plan") + '</span></label><div id="pit-steps" hidden>' +
      '<label class="stack" for="pit-slider" id="pit-name"></label><input type="range" id="pit-slider" min="0" max="' + (years.steps.length - 1) + '" step="1" value="0">' +
      '<p class="note" id="pit-said" role="status"></p><label class="stack" for="pit-bench">' + say("Bench") + '</label><select id="pit-bench"><option value="all">' + say("all benches, seen from above") + "</option></select>" +
      '<ul class="classes" id="pit-legend">' + STATES.map(function (one) { return '<li><span class="chip" style="background:' + one.fill + '"></span>' + say(one.words) + "</li>"; }).join("") + "</ul>" +
      (years.blocks > 1 ? '<p class="note">' + say("A cell is {0} x {0} blocks; the first to be dug tells its year.", years.blocks) + "</p>" : "") + "</div>";
    for (k = years.net.nz - 1; k >= 0; k -= 1) {
      var one = document.createElement("option");
      one.value = String(k);
      one.textContent = say("Bench {0} to {1} m", metres(k), metres(k + 1));
      list.querySelector("select").appendChild(one);
    }
    fold.addEventListener("click", function () { list.hidden = !list.hidden; fold.setAttribute("aria-expanded", String(!list.hidden)); });
    box.appendChild(fold);
    box.appendChild(list);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    return box;
  }

  function ink(hex) { return (255 << 24 | parseInt(hex.slice(5, 7), 16) << 16 | parseInt(hex.slice(3, 5), 16) << 8 | parseInt(hex.slice(1, 3), 16)) >>> 0; }

  function start(map) {
    var found = document.getElementById("under"), years = found ? JSON.parse(found.textContent).years : null, codes = null, asked = false;
    if (!years) { return; }
    var net = years.net, level = net.nx * net.ny;
    function metres(k) { return anzobWords.plain(Math.round((years.low + years.height * k) * 100) / 100); }
    var box = controls(years, metres), control = L.control({ position: "bottomleft" });
    map.createPane("pit").style.zIndex = 310;
    map.getPane("pit").style.pointerEvents = "none";
    map.getPane("pit").style.opacity = 0.85;
    var layer = new anzobBenches.Canvas({ pane: "pit", padding: 0.3, model: net });
    control.onAdd = function () { return box; };
    control.addTo(map);
    function at(id) { return box.querySelector("#" + id); }

    /* What a column shows from above: rock that moves this year, else the hole, else what is to come. */
    function stateOf(cell, year, bench) {
      var low = bench === ALL ? 0 : Number(bench), high = bench === ALL ? net.nz : low + 1, best = -1, k, code, own;
      for (k = low; k < high; k += 1) {
        code = codes[k * level + cell];
        if (!code) { continue; }
        own = code === 1 ? LEFT : code === year + 2 ? NOW : code < year + 2 ? BEFORE : LATER;
        if (best < 0 || own < best) { best = own; }
        if (best === NOW) { break; }
      }
      return best;
    }

    function states(year, bench) {
      var made = new Int8Array(level), k;
      for (k = 0; k < level; k += 1) { made[k] = stateOf(k, year, bench); }
      return made;
    }

    function draw() {
      var year = Number(at("pit-slider").value), bench = at("pit-bench").value, low = net.nz, high = -1, k, told;
      at("pit-name").innerHTML = years.steps[year].name;
      at("pit-slider").setAttribute("aria-valuetext", at("pit-name").textContent);
      if (!codes) { return; }
      for (k = 0; k < codes.length; k += 1) { if (codes[k] === year + 2) { low = Math.min(low, Math.floor(k / level)); high = Math.max(high, Math.floor(k / level)); } }
      told = high < 0 ? say("No rock is dug") : say("Dug between {0} and {1} m", metres(low), metres(high + 1));
      at("pit-said").innerHTML = told + (years.steps[year].said ? ". " + years.steps[year].said : "");
      var picture = document.createElement("canvas"), pen, image, pixels, inks = STATES.map(function (one) { return ink(one.fill); });
      picture.width = net.nx;
      picture.height = net.ny;
      pen = picture.getContext("2d");
      image = pen.createImageData(net.nx, net.ny);
      pixels = new Uint32Array(image.data.buffer);
      states(year, bench).forEach(function (state, cell) { if (state >= 0) { pixels[cell] = inks[state]; } });
      pen.putImageData(image, 0, 0);
      layer.show(picture);
      document.documentElement.setAttribute("data-pit", year + ":" + bench);
      document.dispatchEvent(new Event("anzob-state"));
    }

    /* Panels share the height of the map: those of other things fold until this one is seen whole. */
    function makeRoom() {
      [].slice.call(box.parentNode.querySelectorAll(".benches-panel > button[aria-expanded=true]")).reverse().forEach(function (fold) {
        if (fold.parentNode !== box && box.scrollHeight > box.clientHeight + 1) { fold.click(); }
      });
    }

    function toggle() {
      var on = at("pit-on").checked;
      at("pit-steps").hidden = !on;
      if (!on) { map.removeLayer(layer); document.documentElement.removeAttribute("data-pit"); document.dispatchEvent(new Event("anzob-state")); return; }
      map.addLayer(layer);
      draw();
      makeRoom();
      if (asked) { return; }
      asked = true;
      anzobCuts.unfold(net.data, net.nx, net.ny).then(function (got) { codes = got; draw(); makeRoom(); }, function (error) {
        at("pit-said").textContent = say("The blocks cannot be shown: {0}. A browser of 2023 or later is needed.", error.message);
      });
    }
    at("pit-on").addEventListener("change", toggle);
    at("pit-slider").addEventListener("input", draw);
    at("pit-bench").addEventListener("change", draw);
    if (map.getSize().x < 560) { at("pit-list").hidden = true; box.querySelector("button").setAttribute("aria-expanded", "false"); }

    anzobPit.states = function () { return codes && states(Number(at("pit-slider").value), at("pit-bench").value); };
    anzobPit.state = function () { return at("pit-on").checked ? { p: at("pit-slider").value + "," + at("pit-bench").value } : {}; };
    anzobPit.restore = function (told) {
      var parts = (told.p || "").split(","), year = parts.length === 2 && parts[0] !== "" ? Number(parts[0]) : NaN, on = year >= 0 && year < years.steps.length;
      if (on) {
        at("pit-slider").value = Math.floor(year);
        at("pit-bench").value = [].some.call(at("pit-bench").options, function (one) { return one.value === parts[1]; }) ? parts[1] : ALL;
      }
      if (at("pit-on").checked !== on) { at("pit-on").checked = on; toggle(); } else if (on) { draw(); }
    };
  }

  return { start: start };
})();
