// Inside the frame of an embedded timetable: tells the page around how high it is, and opens links in
// new tabs. Classic script: a module would need the site's own origin, which the sandbox takes away.
(() => {
  for (const link of document.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener";
  }
  // The days stay in the frame.
  for (const link of document.querySelectorAll(".days a")) link.target = "_self";
  let told = 0;
  const tell = () => {
    const height = document.body.scrollHeight;
    // Any page may embed this, and a height is no secret.
    if (height !== told) window.parent.postMessage({ plenary: "height", height }, "*");
    told = height;
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
})();
