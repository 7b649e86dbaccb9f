// Signs on this device. Nobody is asked anything before they press the button. Without this script the page says that it
// is needed, and mail and letters remain.
(async () => {
  const part = document.querySelector("[data-push]");
  if (!part) return;
  const show = (name) => { for (const one of part.querySelectorAll("[data-push-said]")) one.hidden = one.dataset.pushSaid !== name; };
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return show("cannot");
  const form = part.querySelector("form[data-push-on]"), field = (name) => form.elements.namedItem(name);
  const key = form.dataset.key, coded = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes ?? []))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const worker = async () => {
    await navigator.serviceWorker.register("/static/service-worker.js", { scope: "/" });
    return navigator.serviceWorker.ready;
  };

  // Which of the devices in the list is this one; its address never stands on the page.
  let there = null;
  try { there = await (await worker()).pushManager.getSubscription(); } catch { return show("cannot"); }
  const mark = there && [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(there.endpoint)))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const here = mark && document.querySelector(`[data-mark="${mark}"]`);
  if (here) {
    here.querySelector("[data-push-here]").hidden = false;
    here.querySelector("form").addEventListener("submit", () => { there.unsubscribe(); });
    return show("on");
  }
  if (Notification.permission === "denied") return show("denied");
  show("off");

  form.addEventListener("submit", async (event) => {
    if (field("adres").value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      if (await Notification.requestPermission() !== "granted") return show("denied");
      const { pushManager } = await worker();
      // what somebody else asked for in this browser, or for another key, ends here
      await (await pushManager.getSubscription())?.unsubscribe();
      const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
      field("adres").value = made.endpoint;
      field("sleutel").value = coded(made.getKey("p256dh"));
      field("geheim").value = coded(made.getKey("auth"));
      field("onzeSleutel").value = key;
      form.requestSubmit();
    } catch {
      show("failed");
      part.querySelector("[data-push-said=failed]").focus();
    }
  }, { capture: true });
})();
