/* The warning before the idle end, and the cover after it. The server ends the session by itself: this only tells in
   time and keeps what was typed, which never leaves the page. Signing in again happens at the usual page in another tab,
   with its second factor; then this page gets a fresh form token and goes on, for the same account only. */
(function () {
  "use strict";
  var note = document.getElementById("idle");
  var warning = document.getElementById("idle-warning");
  var cover = document.getElementById("idle-cover");
  if (!note || !warning || !warning.showModal || !window.fetch) { return; }
  var warn = Number(note.dataset.warning) * 1000;
  var ends = Date.now() + Number(note.dataset.seconds) * 1000;
  var told = 0;
  var asking = false;

  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }
  function ask(method) {
    var options = { method: method, credentials: "same-origin", headers: { Accept: "application/json" } };
    if (method === "POST") { options.headers["X-CSRFToken"] = token(); }
    return fetch(note.dataset.ask, options).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    });
  }
  function renew(fresh) {
    Array.prototype.forEach.call(document.querySelectorAll("input[name=csrfmiddlewaretoken]"), function (field) {
      field.value = fresh;
    });
  }
  function heard(state) {
    var same = state.who === note.dataset.who;
    if (state.left > 0 && same) {
      ends = Date.now() + state.left * 1000;
      renew(state.token);
      if (cover.open) { cover.close(); }
      if (state.left * 1000 > warn && warning.open) { warning.close(); }
      return;
    }
    cover.querySelector("[data-other]").hidden = !(state.left > 0 && !same);
    if (warning.open) { warning.close(); }
    if (!cover.open) { cover.showModal(); }
  }
  function look(method) {
    if (asking) { return; }
    asking = true;
    // a token that is no longer good: somebody has signed in anew, the answer to a question says who
    var told = method === "POST" ? ask("POST").then(null, function () { return ask("GET"); }) : ask("GET");
    told.then(heard, function () { /* no network: the next look asks again */ }).then(function () {
      asking = false;
    });
  }
  function tick() {
    var left = ends - Date.now();
    if (cover.open) { return; }
    if (left <= 0) { look("GET"); return; }
    if (left > warn) { return; }
    if (!warning.open) {
      // another tab may have been busy: the server knows
      if (Date.now() - told > 5000) { told = Date.now(); look("GET"); }
      if (ends - Date.now() <= warn && told && !asking) { warning.showModal(); }
    }
    var seconds = Math.max(0, Math.round(left / 1000));
    var rest = seconds % 60;
    warning.querySelector("[data-left]").textContent = Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }
  // who types is there, though nothing is sent: at most one word a minute to the server
  var typed = Date.now();
  document.addEventListener("input", function () {
    if (cover.open || warning.open || Date.now() - typed < 60000) { return; }
    typed = Date.now();
    look("POST");
  });
  warning.querySelector("[data-stay]").addEventListener("click", function () { look("POST"); });
  warning.addEventListener("cancel", function (event) { event.preventDefault(); look("POST"); });
  cover.addEventListener("cancel", function (event) { event.preventDefault(); });
  cover.querySelector("[data-again]").addEventListener("click", function () { look("GET"); });
  window.addEventListener("focus", function () { if (cover.open) { look("GET"); } });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && (cover.open || ends - Date.now() <= 0)) { look("GET"); }
  });
  window.setInterval(tick, 1000);
}());
