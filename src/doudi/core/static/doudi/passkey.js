/* The browser's part of a passkey: makes one or lets one answer, puts the answer into the form and sends it. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-passkey]");
  var options = document.getElementById("passkey-options");
  if (!form || !options) { return; }
  var button = form.querySelector("button");
  var failed = form.querySelector("[data-failed]");
  if (!window.PublicKeyCredential) { form.querySelector("[data-unable]").hidden = false; button.disabled = true; return; }

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    var found = new Uint8Array(plain.length);
    for (var i = 0; i < plain.length; i += 1) { found[i] = plain.charCodeAt(i); }
    return found.buffer;
  }
  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (one) { plain += String.fromCharCode(one); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function opened(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }
  function said(made) {
    var answer = made.response;
    var response = { clientDataJSON: text(answer.clientDataJSON) };
    if (answer.attestationObject) { response.attestationObject = text(answer.attestationObject); }
    if (answer.authenticatorData) { response.authenticatorData = text(answer.authenticatorData); }
    if (answer.signature) { response.signature = text(answer.signature); }
    if (answer.userHandle) { response.userHandle = text(answer.userHandle); }
    return {
      type: made.type, id: made.id, rawId: text(made.rawId), response: response,
      clientExtensionResults: made.getClientExtensionResults()
    };
  }
  function asked() {
    var wanted = JSON.parse(options.textContent).publicKey;
    wanted.challenge = bytes(wanted.challenge);
    if (form.dataset.passkey === "new") {
      wanted.user.id = bytes(wanted.user.id);
      wanted.excludeCredentials = opened(wanted.excludeCredentials);
      return navigator.credentials.create({ publicKey: wanted });
    }
    wanted.allowCredentials = opened(wanted.allowCredentials);
    return navigator.credentials.get({ publicKey: wanted });
  }
  form.addEventListener("submit", function (event) {
    if (form.elements.credential.value) { return; }
    event.preventDefault();
    event.stopPropagation();
    failed.hidden = true;
    asked().then(function (made) {
      form.elements.credential.value = JSON.stringify(said(made));
      form.submit();
    }, function () { failed.hidden = false; });
  });
}());
