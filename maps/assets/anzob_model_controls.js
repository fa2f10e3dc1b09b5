/* What a panel of the page of anzob in three dimensions is made of: parts that fold, legends,
   choices, sliders and the button that runs one. */
"use strict";
anzobModel.controls = function (panel, say) {
  function element(tag, html, parent, attributes) {
    var made = document.createElement(tag);
    made.innerHTML = html || "";
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (parent) { parent.appendChild(made); }
    return made;
  }
  function part(title, open) {
    var fold = element("details", "<summary>" + title + "</summary>", panel);
    fold.open = open !== false;
    return fold;
  }
  function legend(list, field) {
    list.innerHTML = field.classes.map(function (c, k) { return { html: '<li><span class="chip" style="background:' + c.colour + '"></span>' + c.label + "</li>", k: k }; })
      .filter(function (one) { return !field.of || field.of.indexOf(one.k) >= 0; }).map(function (one) { return one.html; }).join("");
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
  /* A button that runs a slider through all it has, once. */
  function player(parent, id, run) {
    var button = element("button", say("Play"), parent, { type: "button", id: id }), timer = null, input = run.input;
    function halt() { clearInterval(timer); timer = null; button.textContent = say("Play"); }
    function go(value) { input.value = value; input.dispatchEvent(new Event("input")); if (value >= Number(input.max)) { halt(); } }
    button.addEventListener("click", function () {
      if (timer) { halt(); return; }
      button.textContent = say("Stop");
      timer = setInterval(function () { if (input.isConnected) { go(Number(input.value) + 1); } else { halt(); } }, 700);
      go(Number(input.value) >= Number(input.max) ? Number(input.min) : Number(input.value));
    });
  }

  return { element: element, part: part, chooser: chooser, slider: slider, player: player };
};
