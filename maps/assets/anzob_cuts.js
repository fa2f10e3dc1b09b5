/* Nets and bodies of the map page of anzob: which cell of a turned grid lies under a point, which
   elevation a surface has there, and which shape a plane cuts out of a body. Knows no page. */
"use strict";
var anzobCuts = (function () {
  /* Differences were taken along rows, columns and benches: summed in the same three ways. */
  function unfold(data, nx, ny) {
    var text = atob(data), bytes = new Uint8Array(text.length), i;
    for (i = 0; i < text.length; i += 1) { bytes[i] = text.charCodeAt(i); }
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer().then(function (buffer) {
      var planes = new Uint8Array(buffer), n = planes.length / 2, codes = new Uint16Array(n), level = nx * ny, k;
      for (k = 0; k < n; k += 1) { codes[k] = (planes[k] | planes[n + k] << 8) + (k % nx ? codes[k - 1] : 0); }
      for (k = 0; k < n; k += 1) { if (k % level >= nx) { codes[k] += codes[k - nx]; } }
      for (k = level; k < n; k += 1) { codes[k] += codes[k - level]; }
      return codes;
    });
  }

  /* Columns and rows of a point from the south-west corner of a net, not rounded; null beyond it. */
  function placing(mesh) {
    function flat(node) { return L.Projection.SphericalMercator.project(L.latLng(node)); }
    var at = mesh.nodes.map(flat), wide = mesh.columns.length, pieces = [], last = 0, i, j;
    for (j = 0; j + 1 < mesh.rows.length; j += 1) {
      for (i = 0; i + 1 < wide; i += 1) {
        var sw = at[j * wide + i], se = at[j * wide + i + 1], nw = at[(j + 1) * wide + i], nx = mesh.columns[i + 1] - mesh.columns[i], ny = mesh.rows[j + 1] - mesh.rows[j];
        var a = (se.x - sw.x) / nx, b = (se.y - sw.y) / nx, c = (nw.x - sw.x) / ny, d = (nw.y - sw.y) / ny;
        pieces.push({ i: mesh.columns[i], j: mesh.rows[j], nx: nx, ny: ny, a: a, b: b, c: c, d: d, x: sw.x, y: sw.y, det: a * d - b * c });
      }
    }
    function within(one, p) {
      var x = p.x - one.x, y = p.y - one.y, i = (x * one.d - y * one.c) / one.det, j = (y * one.a - x * one.b) / one.det, slack = 1e-6;
      return i < -slack || j < -slack || i > one.nx + slack || j > one.ny + slack ? null : { i: one.i + Math.max(0, i), j: one.j + Math.max(0, j) };
    }
    return function (latlng) {
      var p = flat(latlng), found = within(pieces[last], p), k;
      for (k = 0; !found && k < pieces.length; k += 1) { found = within(pieces[k], p); if (found) { last = k; } }
      return found;
    };
  }

  /* A net whose numbers are unfolded: of the cell under a point, or in between the middles of cells. */
  function opened(net) {
    var place = placing(net.mesh), level = net.nx * net.ny;
    return unfold(net.data, net.nx, net.ny).then(function (codes) {
      function number(i, j, plane) { var code = codes[(plane || 0) * level + j * net.nx + i]; return code < 2 ? null : net.lo + (code - 2) * net.step; }
      function index(latlng) {
        var p = place(latlng);
        return p ? Math.min(net.ny - 1, Math.floor(p.j)) * net.nx + Math.min(net.nx - 1, Math.floor(p.i)) : -1;
      }
      return {
        codes: codes, index: index, number: function (cell, plane) { return cell < 0 ? null : number(cell % net.nx, Math.floor(cell / net.nx), plane); },
        between: function (latlng) {
          var p = place(latlng), i, j, u, v, four;
          if (!p) { return null; }
          u = Math.min(Math.max(p.i - 0.5, 0), net.nx - 1);
          v = Math.min(Math.max(p.j - 0.5, 0), net.ny - 1);
          i = Math.min(Math.floor(u), Math.max(0, net.nx - 2));
          j = Math.min(Math.floor(v), Math.max(0, net.ny - 2));
          var right = Math.min(i + 1, net.nx - 1), up = Math.min(j + 1, net.ny - 1);
          four = [number(i, j), number(right, j), number(i, up), number(right, up)];
          if (four.indexOf(null) >= 0) { return null; }
          return (four[0] * (1 - u + i) + four[1] * (u - i)) * (1 - v + j) + (four[2] * (1 - u + i) + four[3] * (u - i)) * (v - j);
        }
      };
    });
  }

  /* Four corners of a floor and of a roof bound a body by triangles. The plane d = 0 crosses every
     triangle in one leg or none; legs that meet in an edge make the outline: [[s, z], ...]. */
  var FACES = [[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]];
  [0, 1, 2, 3].forEach(function (i) { var j = (i + 1) % 4; FACES.push([i, j, 4 + j], [i, 4 + j, 4 + i]); });
  function body(corners) {
    var legs = {}, points = {}, first = null, before = null, at, next, found = [];
    function cross(i, j) {
      var a = corners[Math.min(i, j)], b = corners[Math.max(i, j)], key = Math.min(i, j) + "-" + Math.max(i, j), t = a.d / (a.d - b.d);
      points[key] = [a.s + (b.s - a.s) * t, a.z + (b.z - a.z) * t];
      return key;
    }
    FACES.forEach(function (face) {
      var ends = [];
      face.forEach(function (i, k) { var j = face[(k + 1) % 3]; if ((corners[i].d >= 0) !== (corners[j].d >= 0)) { ends.push(cross(i, j)); } });
      if (ends.length === 2) {
        (legs[ends[0]] = legs[ends[0]] || []).push(ends[1]);
        (legs[ends[1]] = legs[ends[1]] || []).push(ends[0]);
        first = first || ends[0];
      }
    });
    at = first;
    while (at && found.length < FACES.length + 1) {
      found.push(points[at]);
      next = legs[at][0] === before ? legs[at][1] : legs[at][0];
      before = at;
      at = next === first ? null : next;
    }
    return found;
  }

  function inside(outline, s, z) {
    var within = false, i, j;
    for (i = 0, j = outline.length - 1; i < outline.length; j = i, i += 1) {
      var a = outline[i], b = outline[j];
      if ((a[1] > z) !== (b[1] > z) && s < (b[0] - a[0]) * (z - a[1]) / (b[1] - a[1]) + a[0]) { within = !within; }
    }
    return within;
  }

  return { unfold: unfold, placing: placing, opened: opened, body: body, inside: inside };
})();
