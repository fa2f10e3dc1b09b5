/* The bodies of the page of anzob in three dimensions: stopes, samples, drillholes, ground, frame, and
   how far all of it reaches. Places count from the model's origin [m], east, north, up. */
"use strict";
anzobModel.shapes = function (kit) {
  var data = kit.data, T = kit.T, stopes = data.stopes, holes = data.holes, samples = data.samples;
  var INK = 0x1b1f24, WHITE = 0xffffff, FACES = [[0, 3, 2], [0, 2, 1], [4, 5, 6], [4, 6, 7], [0, 1, 5], [0, 5, 4], [1, 2, 6], [1, 6, 5], [2, 3, 7], [2, 7, 6], [3, 0, 4], [3, 4, 7]];
  var EDGES = [0, 1, 1, 2, 2, 3, 3, 0, 4, 5, 5, 6, 6, 7, 7, 4, 0, 4, 1, 5, 2, 6, 3, 7];
  var box = { low: [Infinity, Infinity, Infinity], high: [-Infinity, -Infinity, -Infinity] }, clouds = {};

  /* Points of one part: a view is fitted to the parts that are shown, the cuts reach all of them. */
  function within(points, key) {
    clouds[key] = clouds[key] || [];
    for (var i = 0; i < points.length; i += 1) {
      box.low[i % 3] = Math.min(box.low[i % 3], points[i]);
      box.high[i % 3] = Math.max(box.high[i % 3], points[i]);
      clouds[key].push(points[i]);
    }
  }

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
    stopes.corners.forEach(function (corners) { within(corners, "stopes"); });
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
    within(samples.ends, "samples");
    mesh = new T.InstancedMesh(n > 5000 ? new T.CylinderGeometry(1, 1, 1, 4, 1, true) : new T.CylinderGeometry(1, 1, 1, 6), new T.MeshLambertMaterial(), n);
    mesh.frustumCulled = false;
    mesh.radius = Math.max(0.8, Math.hypot(box.high[0] - box.low[0], box.high[1] - box.low[1]) / 480);
    for (var i = 0; i < n; i += 1) { mesh.setMatrixAt(i, stick(mesh, i, mesh.radius, matrix)); mesh.setColorAt(i, new T.Color(WHITE)); }
    return mesh;
  }
  function makeHoles() {
    var positions = [], of = [], group;
    holes.paths.forEach(function (path, h) {
      within(path, "holes");
      for (var k = 0; k + 5 < path.length; k += 3) { positions.push.apply(positions, path.slice(k, k + 6)); of.push(h); }
    });
    group = lines(positions, INK, 0.4);
    group.of = of;
    return group;
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
    var net = [], every = Math.max(1, Math.round(Math.max(nx, ground.ny) / 40));
    at.forEach(function (from, k) {
      [[1, k % nx < nx - 1 && Math.floor(k / nx) % every === 0], [nx, k % nx % every === 0]].forEach(function (way) {
        var to = at[k + way[0]];
        if (way[1] && from >= 0 && to >= 0) { net.push.apply(net, positions.slice(3 * from, 3 * from + 3).concat(positions.slice(3 * to, 3 * to + 3))); }
      });
    });
    var group = new T.Group();
    group.skin = new T.Mesh(made, new T.MeshLambertMaterial({ color: 0x9aa58a, side: T.DoubleSide, transparent: true, opacity: 0.1, depthWrite: false, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 }));
    group.add(group.skin, lines(net, 0x5f6b4e, 0.3));
    return group;
  }
  function makeBox(frame) {
    var c = [frame.low, frame.high].map(function (z) { return [0, 1, 2, 3].map(function (k) { return [frame.ring[2 * k], frame.ring[2 * k + 1], z]; }); }), positions = [];
    for (var k = 0; k < 4; k += 1) { positions.push.apply(positions, [].concat(c[0][k], c[0][(k + 1) % 4], c[1][k], c[1][(k + 1) % 4], c[0][k], c[1][k])); }
    return lines(positions, 0x6b7280, 0.8);
  }

  return { box: box, clouds: clouds, within: within, geometry: geometry, lines: lines, bodiesOf: bodiesOf, stick: stick, makeStopes: makeStopes, makeSamples: makeSamples, makeHoles: makeHoles, makeGround: makeGround, makeBox: makeBox };
};
