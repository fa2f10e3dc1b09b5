/* The page of anzob in three dimensions: turns, cuts, colours and names the bodies of a study. Places
   count from the model's origin [m], east, north, up. Every text of the data is escaped HTML. */
"use strict";
(function () {
  var data = JSON.parse(document.getElementById("model").textContent), root = document.documentElement;
  var canvas = document.getElementById("view"), stage = document.getElementById("stage"), panel = document.getElementById("panel");
  var stopes = data.stopes, holes = data.holes, samples = data.samples, z0 = data.origin[2];
  var INK = 0x1b1f24, WHITE = 0xffffff, shown = {}, T = window.THREE, say = anzobWords.say;
  var state = { az: -35, tilt: 28, span: 300, target: [0, 0, 0], stretch: 1, low: 0, high: 0, mode: "all", step: 0 };
  var controls = anzobModel.controls(panel, say), element = controls.element, part = controls.part, chooser = controls.chooser, slider = controls.slider, player = controls.player;

  function metres(z) { return say("{0} m", anzobWords.grouped(Math.round(z) || 0)); }

  /* ---- tables: for every reader, and all there is without WebGL -------------------------- */

  function cellsOf(heads, row) {
    return row.map(function (cell, i) { return cell === null ? "" : '<tr><th scope="row">' + heads[i] + "</th><td>" + cell + "</td></tr>"; }).join("");
  }
  function sampleCell(column, i) {
    var value = column.values[i];
    if (value === null || value === undefined) { return say("not known"); }
    return column.words ? column.words[value] : anzobWords.figures(value, 4) + (column.unit ? " " + column.unit : "");
  }
  function folded(title, build) {
    var fold = element("details", "<summary>" + title + "</summary>", document.getElementById("tables"));
    fold.addEventListener("toggle", function () { if (fold.open && fold.children.length === 1) { element("div", build(), fold, { "class": "scroll", tabindex: "0", role: "group", "aria-label": title }); } });
    return fold;
  }
  function tables() {
    var made = [];
    if (stopes) {
      made.push(folded(say("Table of stopes ({0})", stopes.names.length), function () {
        return "<table><thead><tr><th scope=\"col\">" + say("Stope") + "</th>" + stopes.heads.map(function (h) { return '<th scope="col">' + h + "</th>"; }).join("") + "</tr></thead><tbody>" +
          stopes.rows.map(function (row, i) { return '<tr><th scope="row">' + stopes.names[i] + "</th>" + row.map(function (c) { return "<td>" + (c === null ? "" : c) + "</td>"; }).join("") + "</tr>"; }).join("") + "</tbody></table>";
      }));
    }
    if (holes) {
      made.push(folded(say("Table of drillholes ({0})", holes.names.length), function () {
        return holes.names.map(function (name, i) { return "<h2>" + name + "</h2>" + holes.facts[i]; }).join("");
      }));
    }
    return made;
  }

  /* ---- the page without WebGL ends here --------------------------------------------------- */

  var probe = document.createElement("canvas"), works = T && (probe.getContext("webgl2") || probe.getContext("webgl")), listed = tables();
  if (!works) {
    stage.classList.add("empty");
    canvas.hidden = true;
    panel.hidden = true;
    document.getElementById("no-webgl").hidden = false;
    listed.forEach(function (fold) { fold.open = true; });
    root.setAttribute("data-webgl", "no");
    root.setAttribute("data-ready", "yes");
    return;
  }

  var renderer = new T.WebGLRenderer({ canvas: canvas, antialias: true }), scene = new T.Scene(), model = new T.Group(), marked = new T.Group();
  var camera = new T.OrthographicCamera(-1, 1, 1, -1, -1e5, 1e5), light = new T.DirectionalLight(WHITE, 0.5), ray = new T.Raycaster(), waiting = false;
  var above = new T.Plane(new T.Vector3(0, 0, -1), 0), below = new T.Plane(new T.Vector3(0, 0, 1), 0);
  renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
  renderer.setClearColor(0xf6f4ef);
  scene.add(model, marked, new T.AmbientLight(WHITE, 0.66), light);
  var shapes = anzobModel.shapes({ data: data, T: T }), geometry = shapes.geometry, lines = shapes.lines, box = shapes.box;
  if (stopes) { shown.stopes = shapes.makeStopes(); }
  if (holes) { shown.holes = shapes.makeHoles(); }
  if (samples) { shown.samples = shapes.makeSamples(); }
  var kit = { data: data, T: T, say: say, root: root, state: state, element: element, part: part, slider: slider, chooser: chooser, redraw: redraw, geometry: geometry, lines: lines, metres: metres, mark: mark, player: player };
  var pit = data.pit ? anzobModel.pit(kit) : null, blocks = data.blocks ? anzobModel.blocks(kit) : null;
  if (pit) { shown.pit = pit.group; shown.pit.visible = !stopes || pit.planned; if (stopes) { shown.stopes.visible = !pit.planned; } shapes.within(pit.group.positions, "pit"); }
  if (blocks) { shown.blocks = blocks.group; shapes.within(blocks.extent, "blocks"); }
  if (data.ground) { shown.ground = shapes.makeGround(data.ground); }
  if (data.box) { shown.box = shapes.makeBox(data.box); shown.box.visible = !stopes; }
  Object.keys(shown).forEach(function (key) { model.add(shown[key]); });
  state.low = Math.floor(box.low[2] + z0);
  state.high = Math.ceil(box.high[2] + z0);
  var lowest = state.low, highest = state.high;

  function axes() {
    var a = state.az * Math.PI / 180, t = state.tilt * Math.PI / 180;
    return { right: [Math.cos(a), -Math.sin(a), 0], up: [Math.sin(a) * Math.sin(t), Math.cos(a) * Math.sin(t), Math.cos(t)], to: [Math.sin(a) * Math.cos(t), Math.cos(a) * Math.cos(t), -Math.sin(t)] };
  }
  function dot(a, b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

  function draw() {
    waiting = false;
    var wide = stage.clientWidth, high = stage.clientHeight, x = axes(), s = state.span, t = state.target;
    renderer.setSize(wide, high, false);
    camera.left = -s * wide / high;
    camera.right = s * wide / high;
    camera.top = s;
    camera.bottom = -s;
    camera.position.set(t[0], t[1], t[2]);
    camera.up.set(x.up[0], x.up[1], x.up[2]);
    camera.lookAt(t[0] + x.to[0], t[1] + x.to[1], t[2] + x.to[2]);
    camera.updateProjectionMatrix();
    light.position.set(0.9 * x.up[0] - 0.5 * x.right[0] - x.to[0], 0.9 * x.up[1] - 0.5 * x.right[1] - x.to[1], 0.9 * x.up[2] - x.to[2]);
    model.scale.z = marked.scale.z = state.stretch;
    above.constant = (state.high - z0 + 0.01) * state.stretch;
    below.constant = -(state.low - z0 - 0.01) * state.stretch;
    renderer.clippingPlanes = [above, below];
    if (blocks) { blocks.before(state.low - z0, state.high - z0); }
    renderer.render(scene, camera);
    compass(x);
    scale(2 * s / high);
    root.setAttribute("data-view", [state.az, state.tilt].map(Math.round).join(" "));
    describe();
  }
  function redraw() { if (!waiting) { waiting = true; requestAnimationFrame(draw); } }

  /* What is there to see, as a key over the picture and as words for who does not see it. */
  var coloured = {}, keyed = "", spoken = null;
  function by(what, field) { return field ? say("{0}, colour: {1}", what, field) : what; }
  function describe() {
    var kinds = [["stopes", "solid", say("Stopes"), function () { return by(say("{0} stopes", anzobWords.grouped(shown.stopes.present ? shown.stopes.present.length : stopes.names.length)), coloured.stopes); }],
      ["blocks", "solid", say("Blocks of the model"), function () { return by(say("Blocks of the model"), blocks.label()); }],
      ["samples", "bead", say("Samples"), function () { return by(say("{0} samples", anzobWords.grouped(samples.ends.length / 6)), coloured.samples); }],
      ["holes", "line", say("Drillholes"), function () { return say("{0} drillholes", anzobWords.grouped(holes.names.length)); }],
      ["pit", "bowl", say("Pit"), function () { return by(say("Pit"), pit.label()); }],
      ["ground", "net", say("Ground"), function () { return say("Ground"); }], ["box", "frame", "", function () { return say("Extent of the block model"); }]];
    var seen = kinds.filter(function (one) { return shown[one[0]] && shown[one[0]].visible; }), html = seen.map(function (one) { return '<li><i class="' + one[1] + '"></i>' + one[3]() + "</li>"; }).join("");
    if (html !== keyed) { document.getElementById("key").innerHTML = keyed = html; }
    clearTimeout(spoken);
    spoken = setTimeout(function () {
      var ways = [say("north"), say("north-east"), say("east"), say("south-east"), say("south"), say("south-west"), say("west"), say("north-west")], way = ways[((Math.round(state.az / 45) % 8) + 8) % 8];
      document.getElementById("seen").textContent = say("Shown: {0}.", seen.map(function (one) { return element("span", one[3]()).textContent; }).join("; ")) + " " +
        (state.tilt >= 89 ? say("Seen from above.") : say("Looking {0}, {1} degrees down.", way, Math.round(state.tilt)));
    }, 500);
  }

  function compass(x) {
    document.getElementById("compass").innerHTML = [[say("East"), [1, 0, 0]], [say("North"), [0, 1, 0]], [say("Up"), [0, 0, 1]]].map(function (one) {
      var h = dot(one[1], x.right), v = -dot(one[1], x.up);
      return Math.hypot(h, v) < 0.15 ? "" : '<path d="M0 0L' + (30 * h).toFixed(1) + " " + (30 * v).toFixed(1) + '" stroke="#1b1f24" stroke-width="' + (one[1][1] ? 3 : 1.5) + '"/><text x="' + (40 * h).toFixed(1) + '" y="' + (40 * v + 4).toFixed(1) + '" text-anchor="middle">' + one[0] + "</text>";
    }).join("");
  }
  function scale(perPixel) {
    var power = Math.pow(10, Math.floor(Math.log10(perPixel * 140))), long = [5, 2, 1].map(function (k) { return k * power; }).filter(function (l) { return l <= perPixel * 140; })[0];
    document.getElementById("scale").innerHTML = '<i style="width:' + (long / perPixel).toFixed(1) + 'px"></i>' + metres(long) + (state.stretch > 1 ? "; " + say("heights x {0}", anzobWords.plain(state.stretch)) : "");
  }

  function fit() {
    var x = axes(), aspect = stage.clientWidth / stage.clientHeight;
    var ends = [Infinity, -Infinity, Infinity, -Infinity], to = 0;
    var seen = Object.keys(shapes.clouds).filter(function (key) { return shown[key].visible; }), all = (seen.length ? seen : Object.keys(shapes.clouds)).map(function (key) { return shapes.clouds[key]; });
    var points = all.reduce(function (sum, cloud) { return sum + cloud.length / 3; }, 0);
    all.forEach(function (cloud) {
      for (var n = 0; n < cloud.length; n += 3) {
        var p = [cloud[n], cloud[n + 1], cloud[n + 2] * state.stretch], h = dot(p, x.right), v = dot(p, x.up);
        ends = [Math.min(ends[0], h), Math.max(ends[1], h), Math.min(ends[2], v), Math.max(ends[3], v)];
        to += dot(p, x.to) / points;
      }
    });
    state.target = [0, 1, 2].map(function (k) { return (ends[0] + ends[1]) / 2 * x.right[k] + (ends[2] + ends[3]) / 2 * x.up[k] + to * x.to[k]; });
    state.span = 1.08 * Math.max(1, (ends[3] - ends[2]) / 2, (ends[1] - ends[0]) / 2 / aspect);
    redraw();
  }
  function look(az, tilt) { state.az = az; state.tilt = tilt; fit(); }
  function turn(dx, dy) { state.az += dx; state.tilt = Math.max(-90, Math.min(90, state.tilt + dy)); redraw(); }
  function move(dx, dy) {
    var x = axes(), m = 2 * state.span / stage.clientHeight;
    state.target = state.target.map(function (v, k) { return v - dx * m * x.right[k] + dy * m * x.up[k]; });
    redraw();
  }
  function zoom(by) { state.span = Math.max(2, Math.min(2e5, state.span * by)); redraw(); }

  /* ---- colours and what is there ---------------------------------------------------------- */

  function colourStopes(field) {
    coloured.stopes = field.label;
    var colours = shown.stopes.bodies.geometry.attributes.color, palette = field.classes.map(function (c) { return new T.Color(c.colour); });
    field.of.forEach(function (k, i) { for (var v = 36 * i; v < 36 * (i + 1); v += 1) { colours.setXYZ(v, palette[k].r, palette[k].g, palette[k].b); } });
    colours.needsUpdate = true;
    root.setAttribute("data-stopes-by", field.name);
    redraw();
  }
  function colourSamples(field) {
    coloured.samples = field.label;
    var palette = field.classes.map(function (c) { return new T.Color(c.colour); });
    field.of.forEach(function (k, i) { shown.samples.setColorAt(i, palette[k]); });
    shown.samples.instanceColor.needsUpdate = true;
    redraw();
  }
  function there(i) {
    var d = stopes.drawn[i];
    if (state.mode === "all" || !stopes.steps.length) { return true; }
    if (state.mode === "left") { return !d || d[1] > state.step; }
    return Boolean(d) && d[0] <= state.step && (state.mode === "by" || d[1] >= state.step);
  }
  function choosePresent() {
    var faces = [], edges = [], k;
    shown.stopes.present = stopes.corners.map(function (_, i) { return i; }).filter(there);
    shown.stopes.present.forEach(function (i) {
      for (k = 36 * i; k < 36 * (i + 1); k += 1) { faces.push(k); }
      for (k = 24 * i; k < 24 * (i + 1); k += 1) { edges.push(k); }
    });
    shown.stopes.bodies.geometry.setIndex(faces);
    shown.stopes.edges.geometry.setIndex(edges);
    root.setAttribute("data-stopes", String(shown.stopes.present.length));
    redraw();
  }

  /* ---- facts of what is chosen -------------------------------------------------------------- */

  function mark(made, title, facts) {
    marked.clear();
    made.forEach(function (one) { marked.add(one); });
    document.getElementById("facts").innerHTML = "<h2>" + title + "</h2>" + facts;
    root.setAttribute("data-picked", title);
    var told = document.getElementById("facts"), over = told.getBoundingClientRect().bottom - panel.getBoundingClientRect().bottom;
    if (panel.scrollHeight > panel.clientHeight + 1) { panel.scrollTop += Math.max(0, Math.min(over, told.getBoundingClientRect().top - panel.getBoundingClientRect().top)); }
    else { told.scrollIntoView({ block: "nearest" }); }
    redraw();
  }
  function pickStope(i) {
    var made = shapes.bodiesOf([stopes.corners[i]]), body = new T.Mesh(geometry(made.positions), new T.MeshBasicMaterial({ color: WHITE, side: T.DoubleSide })), rim = lines(made.edges, 0x000000, 1);
    rim.material.depthTest = false;
    mark([body, rim], stopes.names[i], "<table>" + cellsOf(stopes.heads, stopes.rows[i]) + "</table>");
    document.getElementById("choose-stopes").value = String(i);
  }
  function pickHole(h) {
    var positions = [], path = holes.paths[h];
    for (var k = 0; k + 5 < path.length; k += 3) { positions.push.apply(positions, path.slice(k, k + 6)); }
    var line = lines(positions, 0x000000, 1);
    line.material.depthTest = false;
    mark([line], say("Drillhole {0}", holes.names[h]), holes.facts[h]);
    document.getElementById("choose-holes").value = String(h);
  }
  function pickSample(i) {
    var one = new T.Mesh(shown.samples.geometry, new T.MeshBasicMaterial({ color: INK })), matrix = shapes.stick(null, i, 2 * shown.samples.radius, new T.Matrix4());
    one.applyMatrix4(matrix);
    mark([one], say("Sample"), "<table>" + samples.columns.map(function (c) { return '<tr><th scope="row">' + c.label + "</th><td>" + sampleCell(c, i) + "</td></tr>"; }).join("") + "</table>");
  }
  function pick(event) {
    /* What is asked is what is seen: a view that is still to be drawn comes first. */
    if (waiting) { draw(); }
    var frame = canvas.getBoundingClientRect(), at = new T.Vector2((event.clientX - frame.left) / frame.width * 2 - 1, 1 - (event.clientY - frame.top) / frame.height * 2);
    scene.updateMatrixWorld();
    ray.setFromCamera(at, camera);
    ray.params.Line.threshold = state.span / (event.pointerType === "touch" ? 50 : 110);
    function visible(hit) { return hit.point.z <= above.constant && hit.point.z >= -below.constant; }
    function first(mesh, holder, also) { return mesh && mesh.visible && (!holder || holder.visible) ? ray.intersectObject(mesh, false).filter(visible).filter(also || visible)[0] : null; }
    var clear = document.getElementById("see-through"), see = clear && clear.checked, sample = first(shown.samples), hole = first(shown.holes), found = [
      [shown.stopes && !(see && sample) ? first(shown.stopes.bodies, shown.stopes) : null, function (hit) { pickStope(shown.stopes.present[Math.floor(hit.faceIndex / 12)]); }],
      [sample, function (hit) { pickSample(hit.instanceId); }],
      [blocks ? first(blocks.mesh(), shown.blocks) : null, function (hit) { blocks.pick(hit); }],
      [pit ? first(pit.mesh(), shown.pit, function (hit) { return pit.faces(hit, ray.ray.direction); }) : null, function (hit) { pit.pick(hit); }]
    ].filter(function (one) { return one[0]; }).sort(function (a, b) { return a[0].distance - b[0].distance; })[0];
    /* A line is thin: where it runs before the wall of a pit, it is what was meant. */
    if (found && !(hole && found[0].object === (pit && pit.mesh()) && hole.distance < found[0].distance)) { found[1](found[0]); }
    else if (hole) { pickHole(shown.holes.of[Math.floor(hole.index / 2)]); }
  }

  /* ---- the panel ------------------------------------------------------------------------------ */

  function buildViews() {
    var views = part(say("View")), bar = element("p", "", views, { "class": "buttons" });
    [[say("Oblique"), -35, 28], [say("Plan"), 0, 90], [say("Looking north"), 0, 0], [say("Looking east"), 90, 0]].forEach(function (one) {
      element("button", one[0], bar, { type: "button" }).addEventListener("click", function () { look(one[1], one[2]); });
    });
    element("button", "+", bar, { type: "button", "aria-label": say("Closer") }).addEventListener("click", function () { zoom(0.8); });
    element("button", "−", bar, { type: "button", "aria-label": say("Farther") }).addEventListener("click", function () { zoom(1.25); });
    element("label", say("Heights drawn"), views, { "for": "stretch" });
    element("select", [1, 1.5, 2, 3, 5].map(function (k) { return '<option value="' + k + '">' + (k === 1 ? say("true to scale") : say("{0} x higher", anzobWords.plain(k))) + "</option>"; }).join(""), views, { id: "stretch" })
      .addEventListener("change", function () { state.stretch = Number(this.value); root.setAttribute("data-stretch", this.value); fit(); });
  }
  function buildShown() {
    var names = { stopes: say("Stopes"), samples: say("Samples"), holes: say("Drillholes"), pit: say("Pit, blocks that are dug"), ground: say("Ground"), box: say("Extent of the block model") }, box_ = part(say("Show"));
    Object.keys(names).forEach(function (key) {
      if (!shown[key] || key === "blocks") { return; }
      var row = element("label", "", box_, { "class": "row" }), input = element("input", "", row, { type: "checkbox", id: "show-" + key });
      element("span", names[key], row);
      input.checked = shown[key].visible;
      input.addEventListener("change", function () { shown[key].visible = input.checked; redraw(); });
    });
    if (stopes) {
      var thin = element("label", "", box_, { "class": "row" }), see = element("input", "", thin, { type: "checkbox", id: "see-through" });
      element("span", say("Stopes see-through, samples in sight"), thin);
      see.addEventListener("change", function () {
        var material = shown.stopes.bodies.material;
        material.transparent = see.checked;
        material.opacity = see.checked ? 0.25 : 1;
        material.depthWrite = !see.checked;
        material.needsUpdate = true;
        redraw();
      });
    }
    if (shown.ground) {
      slider(box_, "ground-solid", say("Ground, from see-through to solid"), 0, 100, 10, function (v) {
        var material = shown.ground.skin.material;
        material.opacity = v / 100;
        material.transparent = v < 100;
        material.depthWrite = v === 100;
        material.needsUpdate = true;
        redraw();
        return say("{0} %", v);
      }).input.step = 10;
    }
    if (data.ground) { element("p", say("Ground") + ": " + data.ground.source + "; " + say("heights") + ": " + data.ground.datum, box_, { "class": "note" }); }
    if (data.ground && data.ground.collars) {
      var off = data.ground.collars;
      element("p", off.most_m <= 5 ? say("{0} drillholes begin within {1} m of this ground.", off.n, anzobWords.fixed(Math.max(0.1, off.most_m), 1)) :
        say("Drillholes begin up to {0} m off this ground, {1} m above it in the middle of {2}: their heights or the ground's may be of another datum.", anzobWords.fixed(off.most_m, 1), anzobWords.fixed(off.middle_m, 1), off.n), box_, { "class": "note" });
    }
    if (stopes && stopes.left_out) { element("p", say("{0} stopes name no elevations and are not drawn.", stopes.left_out), box_, { "class": "note" }); }
  }
  function buildCut() {
    var cut = part(say("Cut by elevation")), high, low;
    high = slider(cut, "cut-high", say("Hide what is above"), lowest, highest, highest, function (v) {
      state.high = Math.max(v, lowest + 1);
      if (low && state.high <= state.low) { low.input.value = state.high - 1; low.apply(); }
      redraw();
      return metres(state.high);
    });
    low = slider(cut, "cut-low", say("Hide what is below"), lowest, highest, lowest, function (v) {
      state.low = Math.min(v, highest - 1);
      if (state.low >= state.high) { high.input.value = state.low + 1; high.apply(); }
      redraw();
      return metres(state.low);
    });
  }
  function buildPlan() {
    var plan = part(say("In the plan")), said, steps = stopes.steps;
    element("label", say("Stopes that are"), plan, { "for": "plan-mode" });
    var mode = element("select", [["all", say("in this model, all of them")], ["by", say("drawn by the end of the year")], ["in", say("drawn in the year")], ["left", say("still there after the year")]]
      .map(function (one) { return '<option value="' + one[0] + '">' + one[1] + "</option>"; }).join(""), plan, { id: "plan-mode" });
    var year = slider(plan, "plan-year", say("Time:"), 0, steps.length - 1, 0, function (v) {
      state.step = v;
      if (said) { said.innerHTML = steps[v].said; }
      choosePresent();
      return element("span", steps[v].name).textContent;
    });
    said = element("p", steps[0].said, plan, { "class": "note", role: "status" });
    mode.addEventListener("change", function () { state.mode = mode.value; choosePresent(); });
    player(plan, "plan-play", year);
    year.input.addEventListener("input", function () { if (state.mode === "all") { state.mode = mode.value = "by"; choosePresent(); } });
  }
  function buildFacts() {
    var chosen = part(say("What is chosen"));
    [["stopes", say("Choose a stope"), stopes, pickStope], ["holes", say("Choose a drillhole"), holes, pickHole]].forEach(function (one) {
      if (!one[2] || !one[2].names.length) { return; }
      element("label", one[1], chosen, { "for": "choose-" + one[0] });
      element("select", '<option value="">' + say("none") + "</option>" + one[2].names.map(function (name, i) { return '<option value="' + i + '">' + name + "</option>"; }).join(""), chosen, { id: "choose-" + one[0] })
        .addEventListener("change", function () { if (this.value === "") { marked.clear(); redraw(); } else { one[3](Number(this.value)); } });
    });
    element("div", "<p class=\"note\">" + say("Click a body, a sample or a drillhole, or move it to the middle and press Enter.") + "</p>", chosen, { id: "facts", role: "status" });
  }
  buildViews();
  var colours = part(say("Colours"));
  if (stopes && stopes.fields.length) { chooser(colours, "stopes-by", say("Stopes by"), stopes.fields, colourStopes); }
  if (samples && samples.fields.length) { chooser(colours, "samples-by", say("Samples by"), samples.fields, colourSamples); }
  if (colours.children.length === 1) { colours.remove(); }
  buildFacts();
  buildShown();
  if (blocks) { blocks.build(); }
  if (pit) { pit.build(); }
  if (stopes && stopes.steps.length) { buildPlan(); }
  buildCut();
  if (stopes) { choosePresent(); }

  anzobModel.hands(canvas, { pick: pick, move: move, turn: turn, zoom: zoom, look: look, fit: fit });
  anzobModel.paper({ canvas: canvas, stage: stage, renderer: renderer, draw: draw });
  window.addEventListener("resize", redraw);
  fit();
  draw();
  root.setAttribute("data-webgl", "yes");
  root.setAttribute("data-ready", "yes");
})();
