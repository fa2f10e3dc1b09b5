/* The words and numbers that scripts of a page of anzob write, in the language of its study: words
   stand in the page under "words", English -> the language; {0}, {1} ... are values. */
"use strict";
var anzobWords = (function () {
  var found = document.getElementById("words"), told = found ? JSON.parse(found.textContent) : {};
  var labels = told.labels || {}, russian = told.language === "ru";

  function localised(written) {
    /* A blank that breaks no line parts thousands, a comma decimals. */
    return russian ? written.replace(/[.,]/g, function (sign) { return sign === "," ? "\u00a0" : ","; }) : written;
  }

  function say(label) {
    var values = [].slice.call(arguments, 1);
    var words = Object.prototype.hasOwnProperty.call(labels, label) ? labels[label] : label;
    return words.replace(/\{(\d+)\}/g, function (hole, i) { return i < values.length ? String(values[i]) : hole; });
  }

  /* As many decimals as asked for; with thousands parted; significant figures; as it is. */
  function fixed(value, decimals) { return localised(value.toFixed(decimals)); }
  function grouped(value, decimals) {
    return localised(value.toLocaleString("en", { minimumFractionDigits: decimals || 0, maximumFractionDigits: decimals || 0 }));
  }
  function figures(value, many) {
    return localised(Number(value.toPrecision(many)).toLocaleString("en", { maximumFractionDigits: 12 }));
  }
  function plain(value) { return localised(String(value)); }

  return { say: say, fixed: fixed, number: fixed, grouped: grouped, figures: figures, plain: plain };
})();
