/* The page of anzob in three dimensions: turns, cuts, colours and names the bodies of a study. Places
   count from the model's origin [m], east, north, up. Every text of the data is escaped HTML. */
"use strict";
(function () {
  var data = JSON.parse(document.getElementById("model").textContent), root = document.documentElement;
  var canvas = document.getElementById("view"), stage = document.getElementById("stage"), panel = document.getElementById("panel");
  var stopes = data.stopes, holes = data.holes, samples = data.samples, z0 = data.origin[2];
  var INK = 0x1b1f24, WHITE = 0xffffff, FACES = [[0, 3, 2], [0, 2, 1], [4, 5, 6], [4, 6, 7], [0, 1, 5], [0, 5, 4], [1, 2, 6], [1, 6, 5], [2, 3, 7], [2, 7, 6], [3, 0, 4], [3, 4, 7]];
  var EDGES = [0, 1, 1, 2, 2, 3, 3, 0, 4, 5, 5, 6, 6, 7, 7, 4, 0, 4, 1, 5, 2, 6, 3, 7];
  var state = { az: -35, tilt: 28, span: 300, target: [0, 0, 0], stretch: 1, low: 0, high: 0, mode: "all", step: 0 };
  var shown = {}, box = { low: [Infinity, Infinity, Infinity], high: [-Infinity, -Infinity, -Infinity] }, cloud = [], T = window.THREE, say = anzobWords.say;

  function element(tag, html, parent, attributes) {
    var made = document.createElement(tag);
    made.innerHTML = html || "";
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (parent) { parent.appendChild(made); }
    return made;
  }
  function metres(z) { return say("{0} m", anzobWords.grouped(Math.round(z) || 0)); }
  function within(points) {
    for (var i = 0; i < points.length; i += 1) {
      box.low[i % 3] = Math.min(box.low[i % 3], points[i]);
      box.high[i % 3] = Math.max(box.high[i % 3], points[i]);
      cloud.push(points[i]);
    }
  }

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

  /* ---- bodies ---------------------------------------------------------------------------- */

  function geometry(positions) {
    var made = new T.BufferGeometry();
    made.setAttribute("position", new T.BufferAttribute(new Float32Array(positions), 3));
    return made;
  }
  function lines(positions, colour, opacity) {
    return new T.LineSegments(geometry(positions), new T.LineBasicMaterial({ color: colour, transparent: opacity < 1, opacity: opacity }));
  }
  function bodiesOf(list) {
    var positions = [], edges = [];
    list.forEach(function (c) {
      FACES.forEach(function (face) { face.forEach(function (k) { positions.push(c[3 * k], c[3 * k + 1], c[3 * k + 2]); }); });
      EDGES.forEach(function (k) { edges.push(c[3 * k], c[3 * k + 1], c[3 * k + 2]); });
    });
    return { positions: positions, edges: edges };
  }
  function makeStopes() {
    var made = bodiesOf(stopes.corners), solid = geometry(made.positions), group = new T.Group();
    stopes.corners.forEach(within);
    solid.computeVertexNormals();
    solid.setAttribute("color", new T.BufferAttribute(new Float32Array(made.positions.length), 3));
    group.bodies = new T.Mesh(solid, new T.MeshLambertMaterial({ vertexColors: true, side: T.DoubleSide, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 }));
    group.edges = lines(made.edges, INK, 0.55);
    group.add(group.bodies, group.edges);
    return group;
  }
  function stick(mesh, i, radius, matrix) {
    var e = samples.ends, a = new T.Vector3(e[6 * i], e[6 * i + 1], e[6 * i + 2]), b = new T.Vector3(e[6 * i + 3], e[6 * i + 4], e[6 * i + 5]), along = b.clone().sub(a), long = along.length() || 1;
    matrix.compose(a.add(b).multiplyScalar(0.5), new T.Quaternion().setFromUnitVectors(new T.Vector3(0, 1, 0), along.divideScalar(long)), new T.Vector3(radius, long, radius));
    return matrix;
  }
  function makeSamples() {
    var n = samples.ends.length / 6, mesh, matrix = new T.Matrix4();
    within(samples.ends);
    mesh = new T.InstancedMesh(new T.CylinderGeometry(1, 1, 1, 6), new T.MeshLambertMaterial(), n);
    mesh.frustumCulled = false;
    mesh.radius = Math.max(0.8, Math.hypot(box.high[0] - box.low[0], box.high[1] - box.low[1]) / 480);
    for (var i = 0; i < n; i += 1) { mesh.setMatrixAt(i, stick(mesh, i, mesh.radius, matrix)); mesh.setColorAt(i, new T.Color(WHITE)); }
    return mesh;
  }
  function makeHoles() {
    var positions = [], of = [], group;
    holes.paths.forEach(function (path, h) {
      within(path);
      for (var k = 0; k + 5 < path.length; k += 3) { positions.push.apply(positions, path.slice(k, k + 6)); of.push(h); }
    });
    group = lines(positions, INK, 0.75);
    group.of = of;
    return group;
  }
  /* A surface through the middles of the floors of columns, up to the ground beside them. It looks
     into the pit, and only what faces the reader is drawn: the near wall never hides the pit. */
  function makePit(pit) {
    var nx = pit.nx, ny = pit.ny, wide = nx + 2, z = [], rim = [], positions = [], at = [], index = [], i, j;
    function place(i, j) { return i + 1 + wide * (j + 1); }
    for (j = 0; j < ny; j += 1) {
      for (i = 0; i < nx; i += 1) {
        var top = pit.top[i + nx * j];
        if (top === null) { continue; }
        z[place(i, j)] = pit.floor[i + nx * j];
        for (var k = 0; k < 9; k += 1) { var n = place(i - 1 + k % 3, j - 1 + Math.floor(k / 3)); rim[n] = Math.max(top, rim[n] === undefined ? -Infinity : rim[n]); }
      }
    }
    for (j = -1; j <= ny; j += 1) {
      for (i = -1; i <= nx; i += 1) {
        var here = place(i, j), height = z[here] === undefined ? rim[here] : z[here];
        if (height === undefined) { continue; }
        at[here] = positions.length / 3;
        positions.push(pit.origin[0] + (i + 0.5) * pit.x[0] + (j + 0.5) * pit.y[0], pit.origin[1] + (i + 0.5) * pit.x[1] + (j + 0.5) * pit.y[1], height);
        var q = [at[here], at[here - 1], at[here - wide], at[here - wide - 1]];
        if (i < 0 || q.indexOf(undefined) >= 0 || [here, here - 1, here - wide, here - wide - 1].every(function (n) { return z[n] === undefined; })) { continue; }
        index.push(q[3], q[2], q[0], q[3], q[0], q[1]);
      }
    }
    if (!stopes) { within(positions); } else { positions.forEach(function (v, n) { if (n % 3 === 2) { box.high[2] = Math.max(box.high[2], v); box.low[2] = Math.min(box.low[2], v); } }); }
    var made = geometry(positions);
    made.setIndex(index);
    made.computeVertexNormals();
    return new T.Mesh(made, new T.MeshLambertMaterial({ color: 0xcdbfae }));
  }
  function makeGround(ground) {
    var positions = [], at = [], index = [], nx = ground.nx;
    ground.z.forEach(function (z, k) { at.push(z === null ? -1 : positions.length / 3); if (z !== null) { positions.push(ground.east + (k % nx) * ground.cell, ground.north - Math.floor(k / nx) * ground.cell, z); } });
    for (var k = 0; k + nx + 1 < at.length; k += 1) {
      var q = [at[k], at[k + 1], at[k + nx], at[k + nx + 1]];
      if (k % nx === nx - 1 || Math.min.apply(null, q) < 0) { continue; }
      index.push(q[0], q[2], q[1], q[1], q[2], q[3]);
    }
    var made = geometry(positions);
    made.setIndex(index);
    made.computeVertexNormals();
    positions.forEach(function (v, n) { if (n % 3 === 2) { box.high[2] = Math.max(box.high[2], v); } });
    /* A net above a faint skin: what lies below keeps its colours. */
    var net = [], every = Math.max(1, Math.round(Math.max(nx, ground.ny) / 60));
    at.forEach(function (from, k) {
      [[1, k % nx < nx - 1 && Math.floor(k / nx) % every === 0], [nx, k % nx % every === 0]].forEach(function (way) {
        var to = at[k + way[0]];
        if (way[1] && from >= 0 && to >= 0) { net.push.apply(net, positions.slice(3 * from, 3 * from + 3).concat(positions.slice(3 * to, 3 * to + 3))); }
      });
    });
    var group = new T.Group();
    group.add(new T.Mesh(made, new T.MeshLambertMaterial({ color: 0x9aa58a, side: T.DoubleSide, transparent: true, opacity: 0.12, depthWrite: false })), lines(net, 0x5f6b4e, 0.45));
    return group;
  }
  function makeBox(frame) {
    var c = [frame.low, frame.high].map(function (z) { return [0, 1, 2, 3].map(function (k) { return [frame.ring[2 * k], frame.ring[2 * k + 1], z]; }); }), positions = [];
    for (var k = 0; k < 4; k += 1) { positions.push.apply(positions, [].concat(c[0][k], c[0][(k + 1) % 4], c[1][k], c[1][(k + 1) % 4], c[0][k], c[1][k])); }
    return lines(positions, 0x6b7280, 0.8);
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
  if (stopes) { shown.stopes = makeStopes(); }
  if (holes) { shown.holes = makeHoles(); }
  if (samples) { shown.samples = makeSamples(); }
  if (data.pit) { shown.pit = makePit(data.pit); shown.pit.visible = !stopes; }
  if (data.ground) { shown.ground = makeGround(data.ground); }
  if (data.box) { shown.box = makeBox(data.box); }
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
    renderer.render(scene, camera);
    compass(x);
    scale(2 * s / high);
    root.setAttribute("data-view", [state.az, state.tilt].map(Math.round).join(" "));
  }
  function redraw() { if (!waiting) { waiting = true; requestAnimationFrame(draw); } }

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
    for (var n = 0; n < cloud.length; n += 3) {
      var p = [cloud[n], cloud[n + 1], cloud[n + 2] * state.stretch], h = dot(p, x.right), v = dot(p, x.up);
      ends = [Math.min(ends[0], h), Math.max(ends[1], h), Math.min(ends[2], v), Math.max(ends[3], v)];
      to += dot(p, x.to) * 3 / cloud.length;
    }
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
    var colours = shown.stopes.bodies.geometry.attributes.color, palette = field.classes.map(function (c) { return new T.Color(c.colour); });
    field.of.forEach(function (k, i) { for (var v = 36 * i; v < 36 * (i + 1); v += 1) { colours.setXYZ(v, palette[k].r, palette[k].g, palette[k].b); } });
    colours.needsUpdate = true;
    root.setAttribute("data-stopes-by", field.name);
    redraw();
  }
  function colourSamples(field) {
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
    redraw();
  }
  function pickStope(i) {
    var made = bodiesOf([stopes.corners[i]]), body = new T.Mesh(geometry(made.positions), new T.MeshBasicMaterial({ color: WHITE, side: T.DoubleSide })), rim = lines(made.edges, 0x000000, 1);
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
    var one = new T.Mesh(shown.samples.geometry, new T.MeshBasicMaterial({ color: INK })), matrix = stick(null, i, 2 * shown.samples.radius, new T.Matrix4());
    one.applyMatrix4(matrix);
    mark([one], say("Sample"), "<table>" + samples.columns.map(function (c) { return '<tr><th scope="row">' + c.label + "</th><td>" + sampleCell(c, i) + "</td></tr>"; }).join("") + "</table>");
  }
  function pick(event) {
    var frame = canvas.getBoundingClientRect(), at = new T.Vector2((event.clientX - frame.left) / frame.width * 2 - 1, 1 - (event.clientY - frame.top) / frame.height * 2);
    scene.updateMatrixWorld();
    ray.setFromCamera(at, camera);
    ray.params.Line.threshold = state.span / 110;
    function visible(hit) { return hit.point.z <= above.constant && hit.point.z >= -below.constant; }
    function first(mesh) { return mesh && mesh.visible ? ray.intersectObject(mesh, false).filter(visible)[0] : null; }
    var body = shown.stopes && shown.stopes.visible ? first(shown.stopes.bodies) : null, clear = document.getElementById("see-through"), sample = first(shown.samples), hole = first(shown.holes);
    if (clear && clear.checked && sample) { body = null; }
    var found = [body, sample].filter(Boolean).sort(function (a, b) { return a.distance - b.distance; })[0];
    if (found && found === sample) { pickSample(sample.instanceId); }
    else if (found) { pickStope(shown.stopes.present[Math.floor(found.faceIndex / 12)]); }
    else if (hole) { pickHole(shown.holes.of[Math.floor(hole.index / 2)]); }
  }

  /* ---- the panel ------------------------------------------------------------------------------ */

  function part(title, open) {
    var fold = element("details", "<summary>" + title + "</summary>", panel);
    fold.open = open !== false;
    return fold;
  }
  function legend(list, field) {
    list.innerHTML = field.classes.map(function (c, k) { return { html: '<li><span class="chip" style="background:' + c.colour + '"></span>' + c.label + "</li>", k: k }; })
      .filter(function (one) { return field.of.indexOf(one.k) >= 0; }).map(function (one) { return one.html; }).join("");
  }
  function chooser(parent, id, label, fields, colour) {
    element("label", label, parent, { "for": id });
    var select = element("select", fields.map(function (f, i) { return '<option value="' + i + '">' + f.label + "</option>"; }).join(""), parent, { id: id }), list = element("ul", "", parent, { "class": "legend" });
    function change() { var field = fields[Number(select.value)]; colour(field); legend(list, field); }
    select.addEventListener("change", change);
    change();
  }
  function slider(parent, id, label, low, high, value, change) {
    var name = element("label", label + " ", parent, { "for": id }), out = element("output", "", name, { "for": id }), made = element("input", "", parent, { type: "range", id: id, min: low, max: high, step: 1 });
    made.value = value;
    function apply() { var said = change(Number(made.value)); out.textContent = said; made.setAttribute("aria-valuetext", said); }
    made.addEventListener("input", apply);
    apply();
    return { input: made, apply: apply };
  }
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
      if (!shown[key]) { return; }
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
    if (data.ground) { element("p", say("Ground") + ": " + data.ground.source + "; " + say("heights") + ": " + data.ground.datum, box_, { "class": "note" }); }
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
    element("div", "<p class=\"note\">" + say("Click a stope, a sample or a drillhole.") + "</p>", chosen, { id: "facts", role: "status" });
  }
  buildViews();
  var colours = part(say("Colours"));
  if (stopes && stopes.fields.length) { chooser(colours, "stopes-by", say("Stopes by"), stopes.fields, colourStopes); }
  if (samples && samples.fields.length) { chooser(colours, "samples-by", say("Samples by"), samples.fields, colourSamples); }
  if (colours.children.length === 1) { colours.remove(); }
  buildFacts();
  buildCut();
  if (stopes && stopes.steps.length) { buildPlan(); }
  buildShown();
  if (stopes) { choosePresent(); }

  /* ---- mouse, touch and keys ------------------------------------------------------------------ */

  var pointers = {}, begun = null;
  function spread() {
    var ids = Object.keys(pointers), a = pointers[ids[0]], b = pointers[ids[1]];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  }
  canvas.addEventListener("pointerdown", function (e) {
    canvas.setPointerCapture(e.pointerId);
    pointers[e.pointerId] = { x: e.clientX, y: e.clientY };
    begun = Object.keys(pointers).length === 1 ? { x: e.clientX, y: e.clientY, moved: false } : null;
  });
  canvas.addEventListener("pointermove", function (e) {
    var last = pointers[e.pointerId], two = Object.keys(pointers).length === 2, before, now;
    if (!last) { return; }
    before = two ? spread() : null;
    var dx = e.clientX - last.x, dy = e.clientY - last.y;
    pointers[e.pointerId] = { x: e.clientX, y: e.clientY };
    if (begun && Math.hypot(e.clientX - begun.x, e.clientY - begun.y) > 4) { begun.moved = true; }
    if (two) { now = spread(); move(now.x - before.x, now.y - before.y); zoom(before.apart / now.apart); }
    else if (e.shiftKey || e.buttons & 6) { move(dx, dy); }
    else if (begun && begun.moved) { turn(-0.4 * dx, 0.4 * dy); }
  });
  function released(e) {
    var single = begun && !begun.moved && pointers[e.pointerId] && e.type === "pointerup" && e.button === 0;
    delete pointers[e.pointerId];
    if (single) { pick(e); }
    begun = null;
  }
  canvas.addEventListener("pointerup", released);
  canvas.addEventListener("pointercancel", released);
  canvas.addEventListener("contextmenu", function (e) { e.preventDefault(); });
  canvas.addEventListener("wheel", function (e) { e.preventDefault(); zoom(Math.pow(1.0015, e.deltaY)); }, { passive: false });
  canvas.addEventListener("keydown", function (e) {
    var arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key], key = e.key.toLowerCase();
    var act = { "+": [zoom, 0.8], "=": [zoom, 0.8], "-": [zoom, 1.25], p: [look, 0, 90], n: [look, 0, 0], e: [look, 90, 0], o: [look, -35, 28], home: [fit] }[key];
    if (e.ctrlKey || e.metaKey || e.altKey || !(arrows || act)) { return; }
    e.preventDefault();
    if (arrows && e.shiftKey) { move(40 * arrows[0], 40 * arrows[1]); } else if (arrows) { turn(-8 * arrows[0], -8 * arrows[1]); } else { act[0](act[1], act[2]); }
  });
  window.addEventListener("resize", redraw);
  fit();
  draw();
  root.setAttribute("data-webgl", "yes");
  root.setAttribute("data-ready", "yes");
})();
