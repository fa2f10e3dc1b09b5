/* The pit in space, for the page of anzob in three dimensions: its surface after every stage, the
   benches as lines on it, coloured by the stage that dug it. It looks into the pit: what its
   surface turns its back to the reader with is not drawn, so the near wall never hides the pit. */
"use strict";
anzobModel.pit = function (kit) {
  var pit = kit.data.pit, T = kit.T, say = kit.say, nx = pit.nx, ny = pit.ny, z0 = kit.data.origin[2], RADIUS = 2, PLAIN = "#cdbfae";
  var group = new T.Group(), mesh = null, material = null, columnOf = [], normals = [], floors = pit.floor, by = [], set = null, step = 0, unfolded = {};

  /* ---- the surface -------------------------------------------------------------------------- */

  /* Height of every corner between columns: of their floors, at the rim of their tops. */
  function corners() {
    var found = new Float32Array((nx + 1) * (ny + 1)).fill(NaN), i, j, k;
    for (j = 0; j <= ny; j += 1) {
      for (i = 0; i <= nx; i += 1) {
        var sum = 0, dug = 0, rim = -Infinity;
        for (k = 0; k < 4; k += 1) {
          var c = i - (k & 1), r = j - (k >> 1), n = c + nx * r;
          if (c < 0 || r < 0 || c >= nx || r >= ny || floors[n] === null) { continue; }
          sum += floors[n];
          dug += 1;
          rim = Math.max(rim, pit.top[n]);
        }
        if (dug) { found[i + (nx + 1) * j] = dug === 4 ? sum / 4 : rim; }
      }
    }
    return found;
  }
  /* Which way the surface looks at a corner, from heights a little way off: rough floors turn as one. */
  function normal(heights, i, j) {
    var wide = nx + 1, here = heights[i + wide * j];
    function at(di, dj) {
      for (var k = RADIUS; k > 0; k -= 1) {
        var c = i + k * di, r = j + k * dj, z = c < 0 || r < 0 || c > nx || r > ny ? NaN : heights[c + wide * r];
        if (!isNaN(z)) { return [k, z]; }
      }
      return [0, here];
    }
    var e = at(1, 0), w = at(-1, 0), n = at(0, 1), s = at(0, -1), dx = Math.hypot(pit.x[0], pit.x[1]), dy = Math.hypot(pit.y[0], pit.y[1]);
    var gx = (e[1] - w[1]) / (dx * (e[0] + w[0] || 1)), gy = (n[1] - s[1]) / (dy * (n[0] + s[0] || 1)), ux = [pit.x[0] / dx, pit.x[1] / dx], uy = [pit.y[0] / dy, pit.y[1] / dy];
    var v = [-gx * ux[0] - gy * uy[0], -gx * ux[1] - gy * uy[1], 1], long = Math.hypot(v[0], v[1], v[2]);
    return v.map(function (one) { return one / long; });
  }
  function made() {
    var it = new T.MeshLambertMaterial({ vertexColors: true, side: T.DoubleSide });
    it.onBeforeCompile = function (shader) {
      shader.vertexShader = "varying float vBench;\n" + shader.vertexShader.replace("#include <begin_vertex>", "#include <begin_vertex>\nvBench = (position.z - " + pit.base.toFixed(4) + ") / " + pit.height.toFixed(4) + ";");
      shader.fragmentShader = "varying float vBench;\n" + shader.fragmentShader
        .replace("#include <normal_fragment_begin>", "if (vNormal.z < 0.0) { discard; }\nfloat faceDirection = 1.0;\nvec3 normal = normalize(vNormal);\nvec3 geometryNormal = normal;")
        .replace("#include <dithering_fragment>", "#include <dithering_fragment>\nfloat px = fwidth(vBench);\nfloat off = abs(fract(vBench + 0.5) - 0.5) / max(px, 1e-6);\n" +
          "gl_FragColor.rgb *= mix(1.0, mix(0.72, 1.0, smoothstep(0.4, 1.2, off)), smoothstep(3.0, 7.0, 1.0 / max(px, 1e-6)) * step(1e-5, px));");
    };
    it.extensions = { derivatives: true };
    return it;
  }
  function place(i, j, z) { return [pit.origin[0] + i * pit.x[0] + j * pit.y[0], pit.origin[1] + i * pit.x[1] + j * pit.y[1], z]; }
  function draw() {
    var heights = corners(), wide = nx + 1, positions = [], facing = [], colours = [], index = [], palette = set ? set.classes.map(function (c) { return new T.Color(c.colour); }) : [], plain = new T.Color(PLAIN), known = {};
    columnOf = [];
    normals = [];
    for (var n = 0; n < nx * ny; n += 1) {
      if (floors[n] === null) { continue; }
      var i = n % nx, j = Math.floor(n / nx), shade = set ? palette[set.of[by[n]]] : plain, q = positions.length / 3;
      [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]].forEach(function (c) {
        var k = c[0] + wide * c[1];
        known[k] = known[k] || normal(heights, c[0], c[1]);
        positions.push.apply(positions, place(c[0], c[1], heights[k]));
        facing.push.apply(facing, known[k]);
        colours.push(shade.r, shade.g, shade.b);
      });
      index.push(q, q + 1, q + 2, q, q + 2, q + 3);
      columnOf.push(n);
      normals.push(normal(heights, i, j));
    }
    var shape = kit.geometry(positions);
    shape.setAttribute("normal", new T.BufferAttribute(new Float32Array(facing), 3));
    shape.setAttribute("color", new T.BufferAttribute(new Float32Array(colours), 3));
    shape.setIndex(index);
    if (mesh) { group.remove(mesh); mesh.geometry.dispose(); }
    material = material || made();
    mesh = new T.Mesh(shape, material);
    group.add(mesh);
    kit.root.setAttribute("data-pit-columns", String(columnOf.length));
    kit.redraw();
    return positions;
  }

  /* ---- stages ------------------------------------------------------------------------------- */

  function unfold(one) {
    unfolded[one.name] = unfolded[one.name] || anzobModel.unpack(one.data, nx, ny);
    return unfolded[one.name];
  }
  /* Floors of all columns after a step: which stage dug each last, null where nothing is dug yet. */
  function apply() {
    if (!set) { floors = pit.floor; draw(); return; }
    var last = set.steps[step].at, mine = set;
    unfold(set).then(function (codes) {
      if (set !== mine || set.steps[step].at !== last) { return; }
      var level = nx * ny, n, s;
      floors = new Array(level).fill(null);
      by = new Array(level).fill(0);
      for (n = 0; n < level && last >= 0; n += 1) {
        var code = codes[last * level + n];
        if (!code) { continue; }
        floors[n] = pit.base + (code - 1) * pit.height;
        for (s = last; s > 0 && codes[(s - 1) * level + n] === code; s -= 1) { /* dug before */ }
        by[n] = s;
      }
      draw();
    });
  }

  /* ---- the panel ---------------------------------------------------------------------------- */

  function show() {
    var box = document.getElementById("show-pit");
    if (box && !box.checked) { box.checked = true; group.visible = true; }
  }
  function build() {
    if (!pit.sets.length) { return; }
    var fold = kit.part(say("Pit")), said, slider, holder;
    if (!anzobModel.unfolds) { kit.element("p", say("This browser is too old to unfold the stages of the pit."), fold, { "class": "note" }); return; }
    kit.element("label", say("Pit by"), fold, { "for": "pit-by" });
    var select = kit.element("select", pit.sets.map(function (one, i) { return '<option value="' + i + '">' + one.label + "</option>"; }).join("") + '<option value="">' + say("one colour") + "</option>", fold, { id: "pit-by" });
    var legend = kit.element("ul", "", fold, { "class": "legend" });
    holder = kit.element("div", "", fold);
    function stages() {
      holder.innerHTML = "";
      step = set ? set.steps.length - 1 : 0;
      legend.innerHTML = set ? set.classes.map(function (c) { return '<li><span class="chip" style="background:' + c.colour + '"></span>' + c.label + "</li>"; }).join("") : "";
      kit.root.setAttribute("data-pit-by", set ? set.name : "");
      if (!set) { apply(); return; }
      slider = kit.slider(holder, "pit-step", say("Dug by the end of"), 0, set.steps.length - 1, step, function (v) {
        step = v;
        if (said) { said.innerHTML = set.steps[v].said; }
        apply();
        return kit.element("span", set.steps[v].name).textContent;
      });
      slider.input.addEventListener("input", show);
      if (set.steps.length > 1) { kit.player(holder, "pit-play", slider); }
      said = kit.element("p", set.steps[step].said, holder, { "class": "note", role: "status" });
    }
    select.addEventListener("change", function () { set = select.value === "" ? null : pit.sets[Number(select.value)]; said = null; show(); stages(); });
    set = pit.sets[0];
    stages();
  }
  /* ---- facts -------------------------------------------------------------------------------- */

  function height(z) { return anzobWords.plain(+(z + z0).toFixed(2)); }
  function row(head, said) { return '<tr><th scope="row">' + head + "</th><td>" + said + "</td></tr>"; }
  function faces(hit, direction) {
    var n = normals[Math.floor(hit.faceIndex / 2)];
    return n[0] * direction.x + n[1] * direction.y + n[2] * direction.z < 0;
  }
  function pick(hit) {
    var n = columnOf[Math.floor(hit.faceIndex / 2)], i = n % nx, j = Math.floor(n / nx), rim = [];
    [[0, 0], [1, 0], [1, 1], [0, 1]].forEach(function (c, k, all) {
      var d = all[(k + 1) % 4];
      rim.push.apply(rim, place(i + c[0], j + c[1], floors[n] + pit.height / 2).concat(place(i + d[0], j + d[1], floors[n] + pit.height / 2)));
    });
    var line = kit.lines(rim, 0x000000, 1), stage = set ? row(set.label, kit.element("span", set.steps.filter(function (s) { return s.at === by[n]; })[0].name).textContent) : "";
    line.material.depthTest = false;
    kit.mark([line], say("Pit"), "<table>" + stage + row(say("Bench"), say("{0} to {1} m", height(floors[n]), height(floors[n] + pit.height))) +
      row(say("Elevation here"), kit.metres(hit.point.z / kit.state.stretch + z0)) + row(say("Top of the rock dug here"), say("{0} m", height(pit.top[n]))) +
      row(say("Depth here"), kit.metres(pit.top[n] - floors[n])) + "</table>");
  }
  var positions = draw();
  group.positions = positions;
  /* Where the plan is of the pit, the page begins with it, and not with the other way to mine the ore. */
  return { planned: pit.sets.some(function (one) { return one.name === "year"; }), group: group, build: build, pick: pick, faces: faces, mesh: function () { return mesh; }, label: function () { return set ? set.label : ""; } };
};
