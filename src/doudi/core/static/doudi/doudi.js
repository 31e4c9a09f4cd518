/* Conveniences only: every page works without this file. */
(function () {
  "use strict";
  // "/" goes to the search box
  document.addEventListener("keydown", function (event) {
    var at = document.activeElement;
    var typing = at && (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable);
    var box = document.querySelector("[data-hotkey='/']");
    if (event.key !== "/" || typing || !box || event.ctrlKey || event.metaKey || event.altKey) { return; }
    event.preventDefault();
    box.focus();
  });
  // what must be corrected is read first
  var summary = document.querySelector(".summary");
  if (summary) { summary.focus(); }
  // the same form is not sent twice
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    // a form that answers with a file leaves the page where it is
    window.setTimeout(function () { delete form.dataset.sent; form.removeAttribute("aria-busy"); }, 4000);
  });
  // a number shown in full is masked again: after its seconds, or as soon as the page is left
  Array.prototype.forEach.call(document.querySelectorAll("[data-remask]"), function (whole) {
    function mask() {
      whole.textContent = whole.dataset.mask;
    }
    window.setTimeout(mask, Number(whole.dataset.remask) * 1000);
    window.addEventListener("pagehide", mask);
    document.addEventListener("visibilitychange", function () { if (document.hidden) { mask(); } });
  });
  // back from the browser's cache: forms may be sent again
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) { return; }
    Array.prototype.forEach.call(document.forms, function (form) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });
  var print = document.querySelector("[data-print]");
  if (print) { print.hidden = false; print.addEventListener("click", function () { window.print(); }); }
}());
