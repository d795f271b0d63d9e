// Blocking and tiny: the theme stands before the first paint, so nothing flashes.
(function () {
  "use strict";
  var root = document.documentElement;
  var stored = null;
  try {
    stored = window.localStorage.getItem("rapport-theme");
  } catch (error) {
    stored = null;
  }
  var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = stored || (dark ? "dark" : "light");
  root.dataset.js = "on";
})();
