// Keys of one's own device: the page says what to sign, the device signs, the form sends it. Without this script
// the parts of a page that need it stay hidden, and the other ways in remain.
(() => {
  const known = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON && navigator.credentials;
  if (!known) {
    for (const words of document.querySelectorAll("[data-no-passkey]")) words.hidden = false;
    return;
  }
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.closest("[data-passkey-part]").hidden = false;
    const field = form.elements.namedItem("sleutel");
    form.addEventListener("submit", async (event) => {
      if (field.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const options = JSON.parse(form.dataset.options);
      try {
        const made = form.dataset.passkey === "maak"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        field.value = JSON.stringify(made.toJSON());
        form.requestSubmit();
      } catch {
        const words = form.querySelector("[data-failed]");
        words.hidden = false;
        words.focus();
      }
    }, { capture: true });
  }
})();
