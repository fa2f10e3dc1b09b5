/* The blocks of the model in space, for the page of anzob in three dimensions: as many as are at or
   above a cut-off, each with its own size, faces between two of them left away. */
"use strict";
var anzobModel = {};

/* Unfold what bench_packing folded: codes of (planes, rows, columns), as a promise. */
anzobModel.unpack = function (packed, columns, rows) {
  var bytes = Uint8Array.from(atob(packed), function (sign) { return sign.charCodeAt(0); });
  var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer().then(function (buffer) {
    var planes = new Uint8Array(buffer), n = planes.length / 2, codes = new Uint16Array(n), level = columns * rows, k;
    for (k = 0; k < n; k += 1) { codes[k] = (planes[k] | planes[n + k] << 8) + (k % columns ? codes[k - 1] : 0); }
    if (rows > 1) { for (k = 0; k < n; k += 1) { if (k % level >= columns) { codes[k] += codes[k - columns]; } } }
    for (k = level; k < n; k += 1) { codes[k] += codes[k - level]; }
    return codes;
  });
};
anzobModel.unfolds = typeof DecompressionStream !== "undefined";

anzobModel.blocks = function (kit) {
  var model = kit.data.blocks, T = kit.T, say = kit.say, n = model.n, group = new T.Group(), mesh = null, material = null;
  var low = [], high = [], codes = {}, beside = null, faceOf = null, drawnAt = "", loading = null, on = new Uint8Array(n), counted = -1;
  var edges = model.edges.map(function (list, axis) { return axis < 2 ? list : list.map(function (z) { return z + model.origin[2]; }); });
  /* Six faces: axis and end, and the corners of each, counter-clockwise from outside. */
  var SIDES = [[0, 0, [0, 4, 6, 2]], [0, 1, [1, 3, 7, 5]], [1, 0, [0, 1, 5, 4]], [1, 1, [2, 6, 7, 3]], [2, 0, [0, 2, 3, 1]], [2, 1, [4, 5, 7, 6]]];
  var TWO = [0, 1, 2, 0, 2, 3], chosen = { cut: null, field: null };
  group.visible = false;

  function classOf(field, code) {
    var found = 0;
    if (code < 2) { return field.starts.length + 1; }
    while (found < field.starts.length && code >= field.starts[found]) { found += 1; }
    return found;
  }
  function words(field, code) {
    if (code < 2) { return say("not known"); }
    if (field.words.length) { return field.words[code - 2]; }
    return anzobWords.fixed(field.lo + (code - 2) * field.step, field.decimals) + (field.unit ? " " + field.unit : "");
  }

  /* ---- reading ------------------------------------------------------------------------------ */

  function load() {
    if (loading) { return loading; }
    var parts = model.low.concat(model.long, model.fields).map(function (part) { return anzobModel.unpack(part.data, n, 1); });
    loading = Promise.all(parts).then(function (found) {
      low = found.slice(0, 3);
      high = found.slice(3, 6).map(function (long, axis) { return long.map(function (l, i) { return low[axis][i] + l; }); });
      model.fields.forEach(function (field, i) { codes[field.name] = found[6 + i]; });
      beside = neighbours();
    });
    return loading;
  }
  /* Which block has the same face from the other side, -1 for none: that face is never seen. */
  function neighbours() {
    var found = new Int32Array(6 * n).fill(-1), at = new Map(), wide = edges[0].length, long = edges[1].length, i, axis;
    function key(x, y, z) { return x + wide * (y + long * z); }
    function same(axis, i, j) { return low[axis][i] === low[axis][j] && high[axis][i] === high[axis][j]; }
    for (i = 0; i < n; i += 1) { at.set(key(low[0][i], low[1][i], low[2][i]), i); }
    for (i = 0; i < n; i += 1) {
      for (axis = 0; axis < 3; axis += 1) {
        var place = [low[0][i], low[1][i], low[2][i]];
        place[axis] = high[axis][i];
        var next = at.get(key(place[0], place[1], place[2]));
        if (next !== undefined && same((axis + 1) % 3, i, next) && same((axis + 2) % 3, i, next)) { found[6 * i + 2 * axis + 1] = next; found[6 * next + 2 * axis] = i; }
      }
    }
    return found;
  }

  /* ---- drawing ------------------------------------------------------------------------------ */

  function made() {
    var it = new T.MeshLambertMaterial({ vertexColors: true, flatShading: true });
    /* A dark rim on every face, as long as blocks are large enough on the screen to bear one. */
    it.onBeforeCompile = function (shader) {
      shader.vertexShader = "attribute vec2 corner;\nvarying vec2 vCorner;\n" + shader.vertexShader.replace("#include <begin_vertex>", "#include <begin_vertex>\nvCorner = corner;");
      shader.fragmentShader = "varying vec2 vCorner;\n" + shader.fragmentShader.replace("#include <dithering_fragment>",
        "#include <dithering_fragment>\nvec2 one = fwidth(vCorner);\nvec2 off = min(vCorner, 1.0 - vCorner) / one;\n" +
        "float inside = smoothstep(0.3, 1.2, min(off.x, off.y));\nfloat large = smoothstep(3.0, 9.0, 1.0 / max(one.x, one.y));\n" +
        "gl_FragColor.rgb *= mix(1.0, mix(0.5, 1.0, inside), large);");
    };
    it.extensions = { derivatives: true };
    return it;
  }
  function emit(bottom, top) {
    var cut = chosen.cut, least = cut ? cut.field.starts[cut.at] : 2, of = codes[cut ? cut.field.name : model.fields[0].name], field = chosen.field, own = codes[field.name];
    var i, f, faces = 0, shade, palette = field.classes.map(function (c) { return new T.Color(c.colour); });
    counted = 0;
    for (i = 0; i < n; i += 1) {
      var chosenOne = of[i] >= least;
      counted += chosenOne ? 1 : 0;
      on[i] = chosenOne && edges[2][low[2][i]] < top && edges[2][high[2][i]] > bottom ? 1 : 0;
    }
    function seen(i, f) { var next = beside[6 * i + f]; return next < 0 || !on[next]; }
    /* One bit a face: most blocks lie among others and have none to draw. */
    var open = new Uint8Array(n);
    for (i = 0; i < n; i += 1) { if (on[i]) { for (f = 0; f < 6; f += 1) { if (seen(i, f)) { faces += 1; open[i] |= 1 << f; } } } }
    var at = new Float32Array(12 * faces), colour = new Uint8Array(16 * faces), corner = new Uint8Array(8 * faces), index = new Uint32Array(6 * faces), q = 0, c = [[], [], []];
    faceOf = new Int32Array(faces);
    for (i = 0; i < n; i += 1) {
      if (!open[i]) { continue; }
      for (f = 0; f < 3; f += 1) { c[f] = [edges[f][low[f][i]], edges[f][high[f][i]]]; }
      c[2] = [Math.max(c[2][0], bottom), Math.min(c[2][1], top)];
      shade = palette[classOf(field, own[i])];
      for (f = 0; f < 6; f += 1) {
        if (!(open[i] >> f & 1)) { continue; }
        for (var v = 0; v < 4; v += 1) {
          var k = SIDES[f][2][v], x = c[0][k & 1], y = c[1][k >> 1 & 1], p = 4 * q + v;
          at[3 * p] = model.origin[0] + x * model.x[0] + y * model.y[0];
          at[3 * p + 1] = model.origin[1] + x * model.x[1] + y * model.y[1];
          at[3 * p + 2] = c[2][k >> 2];
          colour[4 * p] = 255 * shade.r;
          colour[4 * p + 1] = 255 * shade.g;
          colour[4 * p + 2] = 255 * shade.b;
          colour[4 * p + 3] = 255;
          corner[2 * p] = v === 1 || v === 2 ? 255 : 0;
          corner[2 * p + 1] = v > 1 ? 255 : 0;
        }
        for (v = 0; v < 6; v += 1) { index[6 * q + v] = 4 * q + TWO[v]; }
        faceOf[q] = i;
        q += 1;
      }
    }
    var shape = new T.BufferGeometry();
    shape.setAttribute("position", new T.BufferAttribute(at, 3));
    shape.setAttribute("color", new T.BufferAttribute(colour, 4, true));
    shape.setAttribute("corner", new T.BufferAttribute(corner, 2, true));
    shape.setIndex(new T.BufferAttribute(index, 1));
    if (mesh) { group.remove(mesh); mesh.geometry.dispose(); }
    material = material || made();
    mesh = new T.Mesh(shape, material);
    mesh.frustumCulled = false;
    group.add(mesh);
    kit.root.setAttribute("data-blocks", String(counted));
    kit.root.setAttribute("data-block-faces", String(faces));
  }
  /* Before each drawing: a cut by elevation goes through blocks, and what it opens is closed again. */
  function before(bottom, top) {
    var wanted = [bottom, top, chosen.cut && chosen.cut.field.name + chosen.cut.at, chosen.field.name].join(" ");
    if (!group.visible || !beside || wanted === drawnAt) { return; }
    drawnAt = wanted;
    emit(bottom, top);
    told();
  }

  /* ---- the panel ---------------------------------------------------------------------------- */

  var status = null;
  function told() {
    var cut = chosen.cut, known = cut && cut.field === model.fields[0] && model.weighed[String(cut.limit.number)];
    status.innerHTML = counted < 0 ? "" : say("{0} of {1} estimated blocks are drawn.", anzobWords.grouped(counted), anzobWords.grouped(model.all)) + (known ? " " + say("At or above {0} the study counts {1}.", cut.limit.label, known) : "");
  }
  function notes(parent) {
    if (model.floor) { kit.element("p", say("Blocks below {0} are not in this page: with them it would be too large. It holds {1} of {2} estimated blocks.", model.floor, anzobWords.grouped(n), anzobWords.grouped(model.all)), parent, { "class": "note" }); }
    if (model.without.length) { kit.element("p", say("Not in this page, which would be too large: {0}.", model.without.join(", ")), parent, { "class": "note" }); }
    if (model.unknown) { kit.element("p", say("{0} blocks without an estimate are not drawn.", anzobWords.grouped(model.unknown)), parent, { "class": "note" }); }
  }
  function limits() {
    var cuts = [];
    model.fields.forEach(function (field) { field.limits.forEach(function (limit, k) { cuts.push({ field: field, limit: limit, at: k }); }); });
    return cuts.filter(function (cut) { return !(cut.field === model.fields[0] && model.floor && cut.field.starts[cut.at] <= 2); });
  }
  function build() {
    var fold = kit.part(say("Blocks of the model")), cuts = limits(), base = cuts.indexOf(cuts.filter(function (c) { return c.limit.number === model.base && c.field === model.fields[0]; })[0]);
    if (!anzobModel.unfolds) { kit.element("p", say("This browser is too old to unfold the blocks."), fold, { "class": "note" }); return; }
    var row = kit.element("label", "", fold, { "class": "row" }), box = kit.element("input", "", row, { type: "checkbox", id: "show-blocks" });
    kit.element("span", say("Show blocks"), row);
    kit.element("label", say("At or above"), fold, { "for": "blocks-cut" });
    var groups = model.fields.filter(function (f) { return f.limits.length; }).map(function (field) {
      return '<optgroup label="' + field.label + '">' + cuts.map(function (cut, i) { return cut.field === field ? '<option value="' + i + '">' + cut.limit.label + "</option>" : ""; }).join("") + "</optgroup>";
    });
    var select = kit.element("select", '<option value="">' + (model.floor ? say("all that are here, from {0}", model.floor) : say("all that are estimated")) + "</option>" + groups.join(""), fold, { id: "blocks-cut" });
    select.value = base >= 0 ? String(base) : "";
    function cut() { chosen.cut = select.value === "" ? null : cuts[Number(select.value)]; kit.redraw(); }
    select.addEventListener("change", function () { cut(); show(true); });
    cut();
    kit.chooser(fold, "blocks-by", say("Blocks by"), model.fields.map(function (f) { return Object.assign({ of: null }, f); }), function (field) { chosen.field = field; kit.redraw(); });
    document.getElementById("blocks-by").addEventListener("change", function () { show(true); });
    status = kit.element("p", "", fold, { "class": "note", role: "status" });
    notes(fold);
    function show(yes) {
      box.checked = yes;
      group.visible = yes;
      if (!yes) { kit.redraw(); return; }
      load().then(function () { kit.redraw(); });
    }
    box.addEventListener("change", function () { show(box.checked); });
  }

  /* ---- facts -------------------------------------------------------------------------------- */

  function row(head, said) { return '<tr><th scope="row">' + head + "</th><td>" + said + "</td></tr>"; }
  function pick(hit) {
    var i = faceOf[Math.floor(hit.faceIndex / 2)], ends = [0, 1, 2].map(function (axis) { return [edges[axis][low[axis][i]], edges[axis][high[axis][i]]]; });
    var x = (ends[0][0] + ends[0][1]) / 2, y = (ends[1][0] + ends[1][1]) / 2, o = kit.data.origin, rim = [], k;
    function at(x, y, z) { return [model.origin[0] + x * model.x[0] + y * model.y[0], model.origin[1] + x * model.x[1] + y * model.y[1], z]; }
    for (k = 0; k < 8; k += 1) {
      for (var axis = 0; axis < 3; axis += 1) {
        if (!(k >> axis & 1)) { [k, k | 1 << axis].forEach(function (c) { rim.push.apply(rim, at(ends[0][c & 1], ends[1][c >> 1 & 1], ends[2][c >> 2])); }); }
      }
    }
    var middle = at(x, y, (ends[2][0] + ends[2][1]) / 2), line = kit.lines(rim, 0x000000, 1);
    line.material.depthTest = false;
    kit.mark([line], say("Block"), "<table>" + model.fields.map(function (field) { return row(field.label, words(field, codes[field.name][i])); }).join("") +
      row(say("Elevation"), say("{0} to {1} m", anzobWords.plain(+(ends[2][0] + o[2]).toFixed(2)), anzobWords.plain(+(ends[2][1] + o[2]).toFixed(2)))) +
      row(say("Middle, east and north"), say("{0} m", anzobWords.grouped(middle[0] + o[0], 1)) + "; " + say("{0} m", anzobWords.grouped(middle[1] + o[1], 1))) +
      row(say("Size"), say("{0} m", ends.map(function (e) { return anzobWords.plain(+(e[1] - e[0]).toFixed(2)); }).join(" x "))) + "</table>");
  }
  /* Corners of the box around all blocks: where a view must reach. */
  var extent = [];
  [0, 1, 2, 3, 4, 5, 6, 7].forEach(function (k) {
    var at = [0, 1, 2].map(function (axis) { return k >> axis & 1 ? edges[axis][edges[axis].length - 1] : edges[axis][0]; });
    extent.push(model.origin[0] + at[0] * model.x[0] + at[1] * model.y[0], model.origin[1] + at[0] * model.x[1] + at[1] * model.y[1], at[2]);
  });
  return { group: group, extent: extent, build: build, before: before, pick: pick, mesh: function () { return mesh; }, label: function () { return chosen.field.label; } };
};
