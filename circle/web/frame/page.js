/* What a page does by itself in the browser, from a frame of ours in its header:
   light or dark; the drawer of a phone shuts after a choice; a page whose server
   was restarted runs anew before it takes a click, which would be lost otherwise.
   The style sheet says so and holds clicks back while `data-lc-away` stands. */
(function () {
  "use strict";

  var PHONE_PX = 768;
  var THEME_KEY = "stActiveTheme-", THEME_VERSION = "-v2";  // as this Streamlit keeps it
  var page = window.parent, root = page.document.documentElement;
  var app = page.document.querySelector(".stApp");
  var button = document.querySelector("button");
  var chosen = false, dark = false;

  function send(type, values) {
    page.postMessage(Object.assign({ isStreamlitMessage: true, type: type }, values), "*");
  }

  function runs() {
    return app.getAttribute("data-test-script-state") !== "notRunning";
  }

  function connected() {
    return app.getAttribute("data-test-connection-state") === "CONNECTED";
  }

  function shutDrawer() {
    var drawer = page.document.querySelector('[data-testid="stSidebar"][data-collapsed="false"]');
    if (!drawer || page.innerWidth >= PHONE_PX) return;
    if (drawer.querySelector('[data-testid="stAlert"]')) return;  // it says what was wrong
    var shut = drawer.querySelector('[data-testid="stSidebarCollapseButton"] button');
    if (shut) shut.click();
  }

  function look() {
    if (!connected()) {
      root.setAttribute("data-lc-away", "");
    } else if (root.getAttribute("data-lc-away") === "") {
      root.setAttribute("data-lc-away", "back");
      send("streamlit:setComponentValue", { value: Date.now(), dataType: "json" });
    } else if (runs()) {
      chosen = true;
    } else if (chosen) {
      chosen = false;
      root.removeAttribute("data-lc-away");
      shutDrawer();
    }
  }

  function paths() {
    var links = page.document.querySelectorAll('a[data-testid="stSidebarNavLink"]');
    return [page.location.href].concat(Array.from(links, function (link) { return link.href; }))
      .map(function (address) { return new URL(address).pathname; });
  }

  /* Streamlit reads its theme once, when a page is loaded, and keeps it by path. */
  button.addEventListener("click", function () {
    paths().forEach(function (path) {
      page.localStorage.setItem(
        THEME_KEY + path + THEME_VERSION, JSON.stringify(dark ? "Light" : "Dark")
      );
    });
    page.location.reload();
  });

  window.addEventListener("message", function (event) {
    if (event.source !== page || event.data.type !== "streamlit:render") return;
    var theme = event.data.theme || {};
    dark = theme.base === "dark";
    button.style.color = theme.textColor;
    button.title = event.data.args.words;
    document.getElementById("words").textContent = event.data.args.words;
    button.setAttribute("aria-label", event.data.args.words);
    window.frameElement.title = event.data.args.words;
  });

  if (root.hasAttribute("data-lc-away")) chosen = true;  // this frame is of the new run
  new MutationObserver(look).observe(app, {
    attributes: true, attributeFilter: ["data-test-script-state", "data-test-connection-state"]
  });
  look();
  send("streamlit:componentReady", { apiVersion: 1 });
  send("streamlit:setFrameHeight", { height: 40 });
})();
