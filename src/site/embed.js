// Shows a timetable inside another site. Put one tag where it should stand:
//   <script async src="https://…/SUMMIT/embed.js" data-day="2027-04-13" data-forum="ai" data-lang="zh" data-theme="dark"></script>
// It makes one frame after the tag, touches nothing else, and sets no cookie.
(() => {
  const here = document.currentScript;
  if (!here) return;
  const url = new URL("FRAME");
  for (const name of ["day", "forum", "room", "lang", "tz", "theme"]) {
    if (here.dataset[name]) url.searchParams.set(name, here.dataset[name]);
  }
  const frame = document.createElement("iframe");
  frame.src = url;
  frame.title = here.dataset.title || "NAME";
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  // Scripts, but not as our origin: no cookies, no storage. Links open in new tabs.
  frame.sandbox = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
  frame.style.cssText = "display:block;inline-size:100%;block-size:40rem;border:0;color-scheme:normal";
  window.addEventListener("message", (event) => {
    // A sandboxed frame has no origin of its own ("null"): what counts is that it is ours.
    if (event.source !== frame.contentWindow || event.origin !== "null") return;
    const height = event.data?.plenary === "height" ? Number(event.data.height) : NaN;
    if (height > 0 && height < 100000) frame.style.blockSize = `${Math.ceil(height)}px`;
  });
  here.after(frame);
})();
