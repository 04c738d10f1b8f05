"use strict";

// Runs after terminal.js, before the page is complete: what the terminal needs from this page.
(() => {
  const place = document.getElementsByTagName.bind(document);
  const find = (id) => document.getElementById(id);
  const LONGEST_WAIT = 3000;

  // The keyboard belongs to the terminal from the start, and whenever the page has it.
  const focus = () => {
    if (document.body.classList.contains("-closed")) {
      find("again").focus();
    } else {
      place("textarea")[0]?.focus();
    }
  };
  window.addEventListener("focus", focus);
  document.addEventListener("pointerup", focus);

  // The server says in the reason of a close why it ends.
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("open", focus);
      this.addEventListener("close", (event) => {
        find("told").textContent = event.reason || "The connection to the server is lost.";
        setTimeout(focus);
      });
    }
  };

  // Files come as downloads, which no blocker of new windows stops; nothing else is opened.
  window.open = (address) => {
    const url = new URL(address, location.href);
    if (url.origin === location.origin && url.pathname.startsWith("/download/")) {
      const link = document.createElement("a");
      link.href = url.pathname;
      link.download = "";
      link.click();
    }
    return null;
  };

  // Copying: where the page is not encrypted, browsers leave out the usual way.
  if (!navigator.clipboard) {
    const writeText = async (text) => {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      focus();
    };
    Object.defineProperty(navigator, "clipboard", { value: { writeText, readText: async () => "" } });
  }

  // The terminal measures its font when it is made.
  const start = window.onload;
  window.onload = async (event) => {
    const terminal = find("terminal");
    const size = Number(new URLSearchParams(location.search).get("fontsize"));
    terminal.dataset.fontSize = size >= 6 && size <= 60 ? size : 16;
    terminal.dataset.sessionWebsocketUrl = `${location.origin.replace(/^http/, "ws")}/ws`;
    find("again").addEventListener("click", () => location.reload());
    const fonts = ["16px", "bold 16px"].map((each) => document.fonts.load(`${each} "Roboto Mono"`));
    const patience = new Promise((done) => setTimeout(done, LONGEST_WAIT));
    await Promise.race([Promise.allSettled(fonts), patience]);
    start(event);
  };
})();
