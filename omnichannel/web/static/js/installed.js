// The worker that keeps our files and shows what is pushed; and the way from a notification to its conversation.

export function begin(go) {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/pekerja.js", { scope: "/", updateViaCache: "none" }).catch(() => undefined);
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data && typeof data.open === "string" && /^\/(?![/\\])/.test(data.open)) go(data.open);
  });
  // A desk stays open for days: ask now and then whether there is a newer worker.
  setInterval(() => navigator.serviceWorker.getRegistration().then((held) => held?.update()).catch(() => undefined), 3600000);
}
